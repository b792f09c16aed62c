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

import java.time.Duration;
import java.util.Locale;

import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Creates settings from properties. An error names the property and its value as it was
 * typed.
 */
final class SettingsMapper {

	private final Binder binder;

	SettingsMapper(Binder binder) {
		this.binder = binder;
	}

	TlsShutdownSettings map(TlsShutdownProperties properties) {
		try {
			TlsShutdownSettings settings = TlsShutdownSettings.builder()
				.policy(properties.getPolicy())
				.linger(properties.isLinger())
				.timeout(properties.getTimeout())
				.maxWait(properties.getMaxWait())
				.maxPending(maxPending(properties))
				.maxDiscard(properties.getMaxDiscard().toBytes())
				.drainIdle(properties.isDrainIdle())
				.build();
			ShortDurations shortDurations = new ShortDurations(this.binder);
			shortDurations.check(nameOf("timeout"), settings.timeout());
			shortDurations.check(nameOf("max-wait"), settings.maxWait());
			return settings;
		}
		catch (InvalidTlsShutdownSettingException ex) {
			throw invalidProperty(ex, properties);
		}
	}

	private int maxPending(TlsShutdownProperties properties) {
		Integer maxPending = properties.getMaxPending();
		if (maxPending == null) {
			return TlsShutdownSettings.DEFAULTS.maxPending();
		}
		if (maxPending < 1) {
			throw invalid("max-pending", typed("max-pending").orElseGet(maxPending::toString), "");
		}
		return maxPending;
	}

	private InvalidConfigurationPropertyValueException invalidProperty(InvalidTlsShutdownSettingException ex,
			TlsShutdownProperties properties) {
		String setting = DataObjectPropertyName.toDashedForm(ex.getSetting());
		BindResult<String> typed = typed(setting);
		if (!setting.equals("max-wait")) {
			return invalid(setting, typed.orElseGet(ex::getValue), "");
		}
		BindResult<String> timeout = typed("timeout");
		if (!typed.isBound() && timeout.isBound()) {
			// Report the value that was set, not the default, which is shorter
			return invalid("timeout", timeout.get(), ", and not longer than " + nameOf("max-wait")
					+ ", which is not set and is " + describe(properties.getMaxWait()));
		}
		return invalid(setting, typed.orElseGet(ex::getValue),
				" (timeout is " + describe(properties.getTimeout()) + ")");
	}

	private static InvalidConfigurationPropertyValueException invalid(String setting, String value,
			String circumstance) {
		return new InvalidConfigurationPropertyValueException(nameOf(setting), value,
				"must be " + AllowedValues.of(setting) + circumstance);
	}

	private BindResult<String> typed(String setting) {
		return this.binder.bind(nameOf(setting), String.class);
	}

	private static String nameOf(String setting) {
		return "tls.shutdown." + setting;
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

}
