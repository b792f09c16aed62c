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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Warns once if {@code tls.shutdown.*} is set and the application, once it is ready, has
 * no connector that it applies to.
 */
class UnusedPropertiesWarning implements TlsShutdownListener, ApplicationListener<ApplicationReadyEvent> {

	private static final Log logger = LogFactory.getLog(UnusedPropertiesWarning.class);

	private final Environment environment;

	private volatile boolean applied;

	UnusedPropertiesWarning(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
		// Not of interest
	}

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.applied = true;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (!this.applied && isAnySet()) {
			this.applied = true;
			logger.warn("tls.shutdown.* is set but has no effect: this application has no TLS connector on a"
					+ " supported embedded server. If a proxy terminates TLS, or the server speaks HTTP/3 only, remove the"
					+ " properties; otherwise check server.ssl.* and which server is on the class path." + mistake());
		}
	}

	// Without a server, nothing else has validated the values
	private String mistake() {
		Binder binder = Binder.get(this.environment);
		try {
			TlsShutdownProperties properties = binder.bindOrCreate("tls.shutdown", TlsShutdownProperties.class);
			TlsShutdownSettings settings = new SettingsMapper(binder).map(properties);
			new RulesMapper(settings, this.environment).map(properties.getRules());
			return "";
		}
		catch (BindException ex) {
			ConfigurationProperty property = ex.getProperty();
			return " Also, " + ((property != null) ? property.getName() + "=" + property.getValue() : ex.getName())
					+ " is not valid.";
		}
		catch (InvalidConfigurationPropertyValueException ex) {
			return " Also, " + ex.getName() + "=" + ex.getValue() + " is not valid: it " + ex.getReason() + ".";
		}
	}

	private boolean isAnySet() {
		return Binder.get(this.environment).bind("tls.shutdown", Bindable.mapOf(String.class, Object.class)).isBound();
	}

}
