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

package io.github.tlsshutdown.autoconfigure;

import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Makes settings of properties. Where that fails, it names the property that was set and
 * its value as it was typed.
 */
final class SettingsMapper {

	private final Binder binder;

	SettingsMapper(Binder binder) {
		this.binder = binder;
	}

	TlsShutdownSettings map(TlsShutdownProperties properties) {
		try {
			return new TlsShutdownSettings(properties.getPolicy(), properties.getTimeout(), properties.getMaxWait(),
					properties.getMaxPending(), properties.getMaxDiscard().toBytes());
		}
		catch (InvalidTlsShutdownSettingException ex) {
			throw invalidProperty(ex);
		}
	}

	private InvalidConfigurationPropertyValueException invalidProperty(InvalidTlsShutdownSettingException ex) {
		BindResult<String> typed = typed(ex.getSetting());
		BindResult<String> timeout = typed("timeout");
		if (ex.getSetting().equals("max-wait") && !typed.isBound() && timeout.isBound()) {
			// The default is not at fault: what was set is longer
			return new InvalidConfigurationPropertyValueException(nameOf("timeout"), timeout.get(),
					"must be " + TlsShutdownSettings.allowed("timeout") + ", and not longer than " + nameOf("max-wait")
							+ ", which is not set and is " + ex.getValue());
		}
		return new InvalidConfigurationPropertyValueException(nameOf(ex.getSetting()), typed.orElse(ex.getValue()),
				ex.getAllowed());
	}

	private BindResult<String> typed(String setting) {
		return this.binder.bind(nameOf(setting), String.class);
	}

	private static String nameOf(String setting) {
		return "tls.shutdown." + setting;
	}

}
