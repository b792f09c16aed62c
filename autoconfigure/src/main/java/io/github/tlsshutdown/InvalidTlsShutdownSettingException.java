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

package io.github.tlsshutdown;

/**
 * A {@link TlsShutdownSettings setting} is out of its range.
 *
 * @since 0.1.0
 */
public class InvalidTlsShutdownSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String setting;

	private final String value;

	private final String allowed;

	/**
	 * Create an exception.
	 * @param setting name of the setting as a property names it, such as {@code max-wait}
	 * @param value the value that was refused
	 * @param allowed what is allowed, such as
	 * {@code must be a size such as 64MB, at least 1B}
	 */
	public InvalidTlsShutdownSettingException(String setting, Object value, String allowed) {
		super("Invalid " + setting + " '" + value + "': " + allowed);
		this.setting = setting;
		this.value = value.toString();
		this.allowed = allowed;
	}

	/**
	 * Return the setting's name as a property names it.
	 * @return the name, such as {@code max-wait}
	 */
	public String getSetting() {
		return this.setting;
	}

	/**
	 * Return the value that was refused.
	 * @return the value as text
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Return what is allowed.
	 * @return a phrase that begins with a verb, such as
	 * {@code must be a size such as 64MB, at least 1B}
	 */
	public String getAllowed() {
		return this.allowed;
	}

}
