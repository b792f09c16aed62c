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

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.convert.DurationStyle;

import io.github.tlsshutdown.InvalidTlsShutdownSettingException;
import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * {@link Endpoint @Endpoint} that shows how TLS connections end, and changes how the next
 * ones do.
 *
 * @since 0.1.0
 */
@Endpoint(id = "tlsshutdown")
public class TlsShutdownEndpoint {

	private final TlsShutdownRecorder recorder;

	private final Sanitizer sanitizer;

	private final Show showValues;

	private final Object writeMonitor = new Object();

	/**
	 * Create an endpoint.
	 * @param recorder knows the connectors and what became of their connections
	 * @param sanitizingFunctions applied to remote addresses that are shown
	 * @param showValues when to show remote addresses
	 */
	public TlsShutdownEndpoint(TlsShutdownRecorder recorder, Iterable<SanitizingFunction> sanitizingFunctions,
			Show showValues) {
		this.recorder = recorder;
		this.sanitizer = new Sanitizer(sanitizingFunctions);
		this.showValues = showValues;
	}

	/**
	 * Show every connector and the last shutdowns that were not clean.
	 * @return what there is to show
	 */
	@ReadOperation
	public TlsShutdownDescriptor tlsShutdown() {
		return tlsShutdown(this.showValues.isShown(true));
	}

	TlsShutdownDescriptor tlsShutdown(boolean showUnsanitized) {
		return new TlsShutdownDescriptor(this.recorder.connectors().stream().map(ConnectorDescriptor::new).toList(),
				this.recorder.recent().stream().map((entry) -> describe(entry, showUnsanitized)).toList());
	}

	/**
	 * Change the policy, the timeout or both, of all connectors or of one. Connections
	 * that are already ending are not affected. Either everything asked for is done or,
	 * if any of it is wrong, nothing.
	 * @param policy the policy, such as {@code quiet}
	 * @param timeout the timeout, written as the property is, such as {@code 3s}
	 * @param connector name of the connector to change; all if {@code null}
	 * @return the connectors that were changed, as they are now
	 * @throws InvalidEndpointRequestException if any of it is wrong
	 */
	@WriteOperation
	public ChangedConnectorsDescriptor configureTlsShutdown(@Nullable String policy, @Nullable String timeout,
			@Nullable String connector) {
		if (policy == null && timeout == null) {
			throw invalid("Nothing to change: give a policy, a timeout or both");
		}
		// Two requests at once must not undo each other
		synchronized (this.writeMonitor) {
			Map<RecordedConnector, TlsShutdownSettings> changes = new LinkedHashMap<>();
			for (RecordedConnector target : targets(connector)) {
				TlsShutdownSettings settings = target.connector().getSettings();
				settings = (policy != null) ? settings.withPolicy(parsePolicy(policy)) : settings;
				settings = (timeout != null) ? withTimeout(settings, timeout, target.connector()) : settings;
				changes.put(target, settings);
			}
			changes.forEach((target, settings) -> target.connector().setSettings(settings));
			return new ChangedConnectorsDescriptor(changes.keySet().stream().map(ConnectorDescriptor::new).toList());
		}
	}

	private Collection<RecordedConnector> targets(@Nullable String name) {
		Collection<RecordedConnector> all = this.recorder.connectors();
		if (all.isEmpty()) {
			throw invalid("Nothing to change: no connector that terminates TLS is running");
		}
		List<RecordedConnector> targets = all.stream()
			.filter((target) -> name == null || target.connector().getName().equals(name))
			.toList();
		if (name != null && targets.isEmpty()) {
			throw invalid("connector", name,
					all.stream()
						.map((target) -> target.connector().getName())
						.collect(Collectors.joining(", ", "must be one of ", "")));
		}
		return targets;
	}

	private static TlsShutdownPolicy parsePolicy(String policy) {
		return Arrays.stream(TlsShutdownPolicy.values())
			.filter((candidate) -> candidate.name().equalsIgnoreCase(policy.trim()))
			.findFirst()
			.orElseThrow(() -> invalid("policy", policy,
					Arrays.stream(TlsShutdownPolicy.values())
						.map((allowed) -> allowed.name().toLowerCase(Locale.ROOT))
						.collect(Collectors.joining(", ", "must be one of ", ""))));
	}

	private static Duration parseTimeout(String timeout) {
		try {
			return DurationStyle.detectAndParse(timeout.trim());
		}
		catch (IllegalArgumentException ex) {
			throw invalid("timeout", timeout, "must be a duration such as 500ms or 3s");
		}
	}

	private static TlsShutdownSettings withTimeout(TlsShutdownSettings settings, String timeout,
			TlsShutdownConnector connector) {
		Duration duration = parseTimeout(timeout);
		if (duration.compareTo(settings.maxWait()) > 0) {
			throw invalid("timeout", timeout, "must be at most " + DurationStyle.SIMPLE.print(settings.maxWait())
					+ ", the max-wait of " + connector.getName());
		}
		try {
			return settings.withTimeout(duration);
		}
		catch (InvalidTlsShutdownSettingException ex) {
			throw invalid("timeout", timeout, "must be a duration such as 3s, more than 0 and at most 1h");
		}
	}

	private static InvalidEndpointRequestException invalid(String name, String value, String allowed) {
		return invalid("Invalid " + name + " '" + value + "': " + allowed);
	}

	private static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

	private RecentShutdownDescriptor describe(RecentShutdowns.Entry entry, boolean showUnsanitized) {
		String remoteAddress = entry.event().remoteHostAndPort();
		return new RecentShutdownDescriptor(entry.time(), entry.event(),
				this.sanitizer.sanitize(new SanitizableData(null, "remoteAddress", remoteAddress), showUnsanitized));
	}

}
