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
 * A {@link TlsShutdownSettings setting} is out of range. The message names the setting,
 * its value and the allowed range.
 *
 * @since 0.1.0
 */
public final class InvalidTlsShutdownSettingException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String setting;

	private final String value;

	InvalidTlsShutdownSettingException(String setting, Object value, String allowed) {
		super("Invalid " + setting + " '" + value + "': " + allowed);
		this.setting = setting;
		this.value = value.toString();
	}

	/**
	 * Return the setting that was rejected.
	 * @return the name of the setting's accessor, such as {@code maxWait}
	 */
	public String getSetting() {
		return this.setting;
	}

	/**
	 * Return the value that was rejected.
	 * @return the value as text
	 */
	public String getValue() {
		return this.value;
	}

}
