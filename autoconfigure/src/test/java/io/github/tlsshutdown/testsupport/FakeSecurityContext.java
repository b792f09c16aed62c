/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.tlsshutdown.testsupport;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/**
 * A user with one role, or nobody.
 */
public class FakeSecurityContext implements SecurityContext {

	private final @Nullable String user;

	private final String role;

	/**
	 * Create a context.
	 * @param user the user's name; {@code null} for nobody
	 * @param role the user's role
	 */
	public FakeSecurityContext(@Nullable String user, String role) {
		this.user = user;
		this.role = role;
	}

	@Override
	public @Nullable Principal getPrincipal() {
		String user = this.user;
		return (user != null) ? () -> user : null;
	}

	@Override
	public boolean isUserInRole(String role) {
		return this.user != null && this.role.equals(role);
	}

}
