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

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.context.ApplicationEventPublisher;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.actuate.TlsShutdownSettingsChangedEvent.Origin;

/**
 * {@link Endpoint @Endpoint} that shows how TLS connections end and, where
 * {@code management.endpoint.tlsshutdown.access} is {@code unrestricted}, changes the
 * policy.
 *
 * @since 0.1.0
 */
@Endpoint(id = "tlsshutdown", defaultAccess = Access.READ_ONLY)
public class TlsShutdownEndpoint {

	private final TlsShutdownRecorder recorder;

	private final Sanitizer sanitizer;

	private final Show showValues;

	private final ChangeNews news;

	private final Object writeMonitor = new Object();

	/**
	 * Create an endpoint.
	 * @param recorder the connectors and how their connections ended
	 * @param sanitizingFunctions applied to remote addresses that are shown
	 * @param showValues when to show remote addresses
	 * @param publisher publishes changes as {@link TlsShutdownSettingsChangedEvent}
	 */
	public TlsShutdownEndpoint(TlsShutdownRecorder recorder, Iterable<SanitizingFunction> sanitizingFunctions,
			Show showValues, ApplicationEventPublisher publisher) {
		this.recorder = recorder;
		this.sanitizer = new Sanitizer(sanitizingFunctions);
		this.showValues = showValues;
		this.news = new ChangeNews(publisher);
	}

	/**
	 * Show every connector and the last shutdowns in which something was lost.
	 * @param outcome show only shutdowns with this outcome; all if {@code null}
	 * @param connector show only the connector with this name; all if {@code null}
	 * @return the connectors and shutdowns
	 * @throws InvalidEndpointRequestException if there is no such outcome or connector
	 */
	@ReadOperation
	public TlsShutdownDescriptor tlsShutdown(@Nullable String outcome, @Nullable String connector) {
		return show(outcome, connector, this.showValues.isShown(true));
	}

	TlsShutdownDescriptor show(@Nullable String outcome, @Nullable String connector, boolean showUnsanitized) {
		Selection selection = new Selection(outcome, connector);
		Collection<RecordedConnector> connectors = this.recorder.connectors();
		List<RecentShutdowns.Entry> recent = this.recorder.recent();
		selection.check(connectors, recent);
		return new TlsShutdownDescriptor(
				selection.connectors(connectors).stream().map(ConnectorDescriptor::new).toList(),
				selection.recent(recent).stream().map((entry) -> describe(entry, showUnsanitized)).toList());
	}

	/**
	 * Change the policy, the timeout or both, of all connectors or of one. Connections
	 * that are already ending are not affected. If any value is invalid, nothing is
	 * changed.
	 * @param policy the policy, such as {@code quiet}
	 * @param timeout the timeout in the format of the property, such as {@code 3s}
	 * @param connector name of the connector to change; all if {@code null}
	 * @return the changed connectors, after the change
	 * @throws InvalidEndpointRequestException if any value is invalid
	 */
	@WriteOperation
	public ChangedConnectorsDescriptor configureTlsShutdown(@Nullable String policy, @Nullable String timeout,
			@Nullable String connector) {
		return change(new SettingsChange(policy, timeout), connector, Origin.JMX);
	}

	ChangedConnectorsDescriptor change(SettingsChange change, @Nullable String name, Origin origin) {
		// Concurrent requests must not overwrite each other's change
		synchronized (this.writeMonitor) {
			Map<RecordedConnector, TlsShutdownSettings> changes = new LinkedHashMap<>();
			for (RecordedConnector target : targets(name)) {
				changes.put(target, change.apply(target.connector()));
			}
			changes.forEach((target, settings) -> change(target.connector(), settings, origin));
			return new ChangedConnectorsDescriptor(changes.keySet().stream().map(ConnectorDescriptor::new).toList());
		}
	}

	private void change(TlsShutdownConnector connector, TlsShutdownSettings settings, Origin origin) {
		TlsShutdownSettings before = connector.getSettings();
		connector.setSettings(settings);
		this.news.tell(connector, before, settings, origin);
	}

	private Collection<RecordedConnector> targets(@Nullable String name) {
		Collection<RecordedConnector> all = this.recorder.connectors();
		if (all.isEmpty()) {
			throw Values.invalid("Nothing to change: no connector that terminates TLS is running");
		}
		List<RecordedConnector> targets = all.stream()
			.filter((target) -> name == null || target.connector().getName().equals(name))
			.toList();
		if (name != null && targets.isEmpty()) {
			throw Values.notOneOf("connector", name,
					all.stream().map((target) -> target.connector().getName()).toList());
		}
		return targets;
	}

	private RecentShutdownDescriptor describe(RecentShutdowns.Entry entry, boolean showUnsanitized) {
		String remoteAddress = entry.event().remoteHostAndPort();
		return new RecentShutdownDescriptor(entry.time(), entry.event(),
				this.sanitizer.sanitize(new SanitizableData(null, "remoteAddress", remoteAddress), showUnsanitized));
	}

}
