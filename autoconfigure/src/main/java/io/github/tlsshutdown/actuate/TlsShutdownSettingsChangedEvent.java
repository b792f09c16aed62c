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

package io.github.tlsshutdown.actuate;

import org.springframework.context.ApplicationEvent;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * {@link ApplicationEvent} published when {@link TlsShutdownEndpoint} has changed how the
 * TLS connections of a connector end. Published on the thread that handles the request,
 * once for each connector whose settings differ from before.
 *
 * @since 0.1.0
 */
public final class TlsShutdownSettingsChangedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final transient TlsShutdownSettings before;

	private final transient TlsShutdownSettings after;

	private final Origin origin;

	/**
	 * Create an event.
	 * @param connector the connector whose settings have changed
	 * @param before the settings before the change
	 * @param after the settings after the change
	 * @param origin where the change came from
	 */
	public TlsShutdownSettingsChangedEvent(TlsShutdownConnector connector, TlsShutdownSettings before,
			TlsShutdownSettings after, Origin origin) {
		super(connector);
		this.before = before;
		this.after = after;
		this.origin = origin;
	}

	/**
	 * Return the connector whose settings have changed.
	 * @return the connector
	 */
	public TlsShutdownConnector getConnector() {
		return (TlsShutdownConnector) getSource();
	}

	/**
	 * Return the settings before the change.
	 * @return the settings
	 */
	public TlsShutdownSettings getBefore() {
		return this.before;
	}

	/**
	 * Return the settings after the change.
	 * @return the settings
	 */
	public TlsShutdownSettings getAfter() {
		return this.after;
	}

	/**
	 * Return where the change came from.
	 * @return the origin
	 */
	public Origin getOrigin() {
		return this.origin;
	}

	/**
	 * Where a change came from. Constants may be added in later versions.
	 */
	public enum Origin {

		/** A request to the endpoint over HTTP. */
		WEB,

		/** JMX, or a call of the endpoint's bean by the application itself. */
		JMX

	}

}
