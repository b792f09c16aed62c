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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.actuate.TlsShutdownSettingsChangedEvent.Origin;
import io.github.tlsshutdown.testsupport.FakeConnector;
import io.github.tlsshutdown.testsupport.FakeSecurityContext;
import io.github.tlsshutdown.testsupport.TestEvents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link TlsShutdownEndpoint} and {@link TlsShutdownEndpointWebExtension}.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsShutdownEndpointTests {

	private final TlsShutdownRecorder recorder = new TlsShutdownRecorder(10);

	private final FakeConnector connector = new FakeConnector(8443);

	private final FakeConnector other = new FakeConnector(9443);

	private final List<Object> published = new ArrayList<>();

	@BeforeEach
	void startConnectors() {
		this.recorder.onConnectorStarted(this.connector);
		this.recorder.onConnectorStarted(this.other);
	}

	@Test
	void readShowsConnectors() {
		this.connector.setSettings(TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.BIDIRECTIONAL)
			.timeout(Duration.ofSeconds(2))
			.maxWait(Duration.ofSeconds(20))
			.maxPending(500)
			.maxDiscard(1024)
			.drainIdle(false)
			.build());
		this.connector.setPending(17);
		List<ConnectorDescriptor> connectors = endpoint(Show.NEVER).tlsShutdown(null, null).getConnectors();
		assertThat(connectors).extracting(ConnectorDescriptor::getName)
			.containsExactly("https-jsse-nio-8443", "https-jsse-nio-9443");
		assertThat(connectors.get(0)).extracting("port", "pending").containsExactly(8443, 17);
		assertThat(connectors.get(0).getEffective())
			.extracting("policy", "linger", "timeout", "maxWait", "maxPending", "maxDiscard", "drainIdle")
			.containsExactly("bidirectional", true, Duration.ofSeconds(2), Duration.ofSeconds(20), 500, 1024L, false);
		assertThat(connectors.get(0).getConfigured()).extracting("policy", "timeout")
			.containsExactly("unidirectional", Duration.ofSeconds(3));
	}

	@Test
	void readShowsEveryOutcomeAndItsCounts() {
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.TIMED_OUT, TlsShutdownInitiator.LOCAL));
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.COMPLETED, TlsShutdownInitiator.PEER));
		ConnectorDescriptor shown = endpoint(Show.NEVER).tlsShutdown(null, null).getConnectors().get(0);
		assertThat(shown.getCounts()).containsOnlyKeys("unidirectional");
		Map<String, CountDescriptor> counts = shown.getCounts().get("unidirectional");
		assertThat(counts).containsOnlyKeys("sent", "completed", "quiet", "aborted", "timed_out", "unclean", "reset",
				"failed", "overflow", "no_handshake");
		assertThat(counts.get("timed_out")).extracting("local", "peer").containsExactly(1L, 0L);
		assertThat(counts.get("completed")).extracting("local", "peer").containsExactly(0L, 1L);
		assertThat(counts.get("sent")).extracting("local", "peer").containsExactly(0L, 0L);
	}

	@Test
	void readShowsRecentShutdownsThatLostSomething() {
		Instant before = Instant.now();
		this.recorder.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		this.recorder.onShutdown(
				TestEvents.event(this.other, TlsShutdownOutcome.OVERFLOW, TlsShutdownInitiator.LOCAL, "192.0.2.7", 42));
		List<RecentShutdownDescriptor> recent = endpoint(Show.ALWAYS).tlsShutdown(null, null).getRecent();
		assertThat(recent).hasSize(1);
		RecentShutdownDescriptor shown = recent.get(0);
		assertThat(shown.getTime()).isBetween(before, Instant.now());
		assertThat(shown)
			.extracting("connector", "outcome", "initiator", "policy", "protocol", "remoteAddress", "duration",
					"closeNotifySent", "closeNotifyReceived", "discardedBytes")
			.containsExactly("https-jsse-nio-9443", "overflow", "local", "unidirectional", "TLSv1.3", "192.0.2.7:50000",
					TestEvents.DURATION, true, false, 42L);
	}

	@Test
	void readShowsWhoDecided() {
		this.recorder.onShutdown(decidedBy("rules[1]"));
		this.recorder.onShutdown(decidedBy("rules[1]"));
		this.recorder.onShutdown(decidedBy("partners"));
		this.recorder.onShutdown(decidedBy("request"));
		ConnectorDescriptor shown = endpoint(Show.NEVER).tlsShutdown(null, null).getConnectors().get(0);
		assertThat(shown.getRules()).extracting("name", "policy", "linger", "timeout", "decided")
			.containsExactly(tuple("rules[0]", "quiet", null, null, 0L),
					tuple("rules[1]", "bidirectional", false, Duration.ofSeconds(1), 2L));
		assertThat(shown.getResolvers()).extracting("name", "decided").containsExactly(tuple("partners", 1L));
		assertThat(shown.getDecided()).containsExactly(entry("property", 0L), entry("endpoint", 0L),
				entry("request", 1L));
	}

	@Test
	void readShowsEachPolicyThatConnectionsEndedBy() {
		this.recorder.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.SENT, TlsShutdownInitiator.LOCAL));
		this.connector.setSettings(TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.QUIET));
		Map<String, Map<String, CountDescriptor>> counts = endpoint(Show.NEVER).tlsShutdown(null, null)
			.getConnectors()
			.get(0)
			.getCounts();
		assertThat(counts).containsOnlyKeys("unidirectional", "quiet");
		assertThat(counts.get("unidirectional").get("sent").getLocal()).isOne();
		assertThat(counts.get("quiet").get("sent").getLocal()).isZero();
	}

	@Test
	void readShowsWhatIsAskedFor() {
		recordFailure("192.0.2.7");
		this.recorder
			.onShutdown(TestEvents.event(this.connector, TlsShutdownOutcome.ABORTED, TlsShutdownInitiator.LOCAL));
		this.recorder.onShutdown(TestEvents.event(this.other, TlsShutdownOutcome.ABORTED, TlsShutdownInitiator.LOCAL));
		TlsShutdownEndpoint endpoint = endpoint(Show.NEVER);
		assertThat(endpoint.tlsShutdown("Aborted", null).getRecent()).extracting("outcome", "connector")
			.containsExactlyInAnyOrder(tuple("aborted", "https-jsse-nio-9443"),
					tuple("aborted", "https-jsse-nio-8443"));
		TlsShutdownDescriptor shown = endpoint.tlsShutdown(null, "https-jsse-nio-8443");
		assertThat(shown.getConnectors()).extracting("name").containsExactly("https-jsse-nio-8443");
		assertThat(shown.getRecent()).extracting("outcome").containsExactlyInAnyOrder("aborted", "failed");
		assertThat(endpoint.tlsShutdown("reset", "https-jsse-nio-8443").getRecent()).isEmpty();
	}

	static Stream<Arguments> unknown() {
		return Stream.of(Arguments.of("broken", null,
				"Invalid outcome 'broken': must be one of sent, completed, quiet, aborted, timed_out, unclean, reset,"
						+ " failed, overflow, no_handshake"),
				Arguments.of("", null,
						"Invalid outcome '': must be one of sent, completed, quiet, aborted, timed_out, unclean, reset,"
								+ " failed, overflow, no_handshake"),
				Arguments.of(null, "https-jsse-nio-1",
						"Invalid connector 'https-jsse-nio-1': must be one of https-jsse-nio-8443, https-jsse-nio-9443"));
	}

	@ParameterizedTest
	@MethodSource("unknown")
	void readOfWhatIsUnknownIsRefused(String outcome, String connector, String message) {
		TlsShutdownEndpoint endpoint = endpoint(Show.NEVER);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint.tlsShutdown(outcome, connector))
			.withMessage(message);
		WebEndpointResponse<OperationResponseBody> response = new TlsShutdownEndpointWebExtension(endpoint, Show.NEVER,
				Set.of())
			.tlsShutdown(new FakeSecurityContext(null, "admin"), outcome, connector);
		assertThat(response.getStatus()).isEqualTo(400);
		assertThat(response.getBody()).extracting("error").isEqualTo(message);
	}

	@Test
	void writeIsToldOfByAnEventForEachConnectorThatChanges() {
		TlsShutdownEndpoint endpoint = endpoint(Show.NEVER);
		endpoint.configureTlsShutdown("quiet", "1s", "https-jsse-nio-9443");
		new TlsShutdownEndpointWebExtension(endpoint, Show.NEVER, Set.of()).configureTlsShutdown("quiet", null, null);
		assertThat(this.published).asInstanceOf(InstanceOfAssertFactories.list(TlsShutdownSettingsChangedEvent.class))
			.extracting(TlsShutdownSettingsChangedEvent::getConnector, (event) -> event.getBefore().policy(),
					(event) -> event.getAfter().policy(), TlsShutdownSettingsChangedEvent::getOrigin)
			.containsExactly(tuple(this.other, TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownPolicy.QUIET, Origin.JMX),
					tuple(this.connector, TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownPolicy.QUIET, Origin.WEB));
	}

	@Test
	void writeIsDoneThoughAListenerFails(CapturedOutput output) {
		new TlsShutdownEndpoint(this.recorder, List.of(), Show.NEVER, (event) -> {
			throw new IllegalStateException("thrown by the test");
		}).configureTlsShutdown("quiet", null, null);
		assertThat(this.other.getSettings().policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		assertThat(output).contains("A listener failed to handle the change of https-jsse-nio-8443",
				"A listener failed to handle the change of https-jsse-nio-9443");
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.7, 192.0.2.7:50000", "2001:db8::7, [2001:db8:0:0:0:0:0:7]:50000" })
	void readShowsRemoteAddressAsNumbers(String address, String shown) {
		recordFailure(address);
		assertThat(remoteAddress(endpoint(Show.ALWAYS))).isEqualTo(shown);
	}

	@ParameterizedTest
	@EnumSource
	void readShowsRemoteAddressAsShowValuesAllows(Show showValues) {
		recordFailure("192.0.2.7");
		// Whoever has access to JMX is authorized
		assertThat(remoteAddress(endpoint(showValues)))
			.isEqualTo((showValues != Show.NEVER) ? "192.0.2.7:50000" : "******");
	}

	@Test
	void readAppliesSanitizingFunctionsToRemoteAddress() {
		recordFailure("192.0.2.7");
		SanitizingFunction function = (data) -> data.getKey().equals("remoteAddress") ? data.withValue("192.0.2.*")
				: data;
		assertThat(remoteAddress(
				new TlsShutdownEndpoint(this.recorder, List.of(function), Show.ALWAYS, this.published::add)))
			.isEqualTo("192.0.2.*");
	}

	@ParameterizedTest
	@CsvSource({ "NEVER, , , ******", "NEVER, alice, , ******", "ALWAYS, , , 192.0.2.7:50000",
			"WHEN_AUTHORIZED, , , ******", "WHEN_AUTHORIZED, alice, , 192.0.2.7:50000",
			"WHEN_AUTHORIZED, alice, admin, 192.0.2.7:50000", "WHEN_AUTHORIZED, alice, other, ******",
			"WHEN_AUTHORIZED, , admin, ******" })
	void webReadShowsRemoteAddressToThoseAllowed(Show showValues, String user, String role, String shown) {
		recordFailure("192.0.2.7");
		Set<String> roles = (role != null) ? Set.of(role) : Set.of();
		SecurityContext securityContext = new FakeSecurityContext(user, "admin");
		assertThat(new TlsShutdownEndpointWebExtension(endpoint(showValues), showValues, roles)
			.tlsShutdown(securityContext, null, null)
			.getBody()).isInstanceOfSatisfying(TlsShutdownDescriptor.class,
					(body) -> assertThat(body.getRecent()).extracting(RecentShutdownDescriptor::getRemoteAddress)
						.containsExactly(shown));
	}

	@Test
	void writeChangesEveryConnector() {
		endpoint(Show.NEVER).configureTlsShutdown("bidirectional", "1s", null);
		for (FakeConnector changed : List.of(this.connector, this.other)) {
			assertThat(changed.getSettings())
				.isEqualTo(TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.BIDIRECTIONAL)
					.withTimeout(Duration.ofSeconds(1)));
		}
	}

	@Test
	void writeChangesTheConnectorNamed() {
		List<ConnectorDescriptor> changed = endpoint(Show.NEVER)
			.configureTlsShutdown("quiet", null, "https-jsse-nio-9443")
			.getConnectors();
		assertThat(changed).singleElement().satisfies((shown) -> {
			assertThat(shown.getName()).isEqualTo("https-jsse-nio-9443");
			assertThat(shown.getEffective().getPolicy()).isEqualTo("quiet");
		});
		assertThat(this.connector.getSettings()).isEqualTo(TlsShutdownSettings.DEFAULTS);
		assertThat(this.other.getSettings())
			.isEqualTo(TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.QUIET));
	}

	@ParameterizedTest
	@CsvSource({ "1s, 1000", "250ms, 250", "250, 250", "PT2S, 2000", " 3s , 3000", "30s, 30000" })
	void writeTakesTimeoutAsThePropertyIsWritten(String timeout, long millis) {
		endpoint(Show.NEVER).configureTlsShutdown(null, timeout, null);
		assertThat(this.connector.getSettings())
			.isEqualTo(TlsShutdownSettings.DEFAULTS.withTimeout(Duration.ofMillis(millis)));
	}

	@ParameterizedTest
	@CsvSource({ "QUIET", "Quiet", "' quiet '" })
	void writeTakesPolicyInAnyCase(String policy) {
		endpoint(Show.NEVER).configureTlsShutdown(policy, null, null);
		assertThat(this.connector.getSettings().policy()).isEqualTo(TlsShutdownPolicy.QUIET);
	}

	static Stream<Arguments> refused() {
		String nothing = "Nothing to change: specify a policy, a timeout or both";
		String policies = "must be one of unidirectional, bidirectional, quiet";
		String durations = "must be a duration such as 500ms or 3s";
		return Stream.of(Arguments.of(null, null, null, nothing),
				Arguments.of(null, null, "https-jsse-nio-8443", nothing),
				Arguments.of("loud", "1s", null, "Invalid policy 'loud': " + policies),
				Arguments.of("", null, null, "Invalid policy '': " + policies),
				Arguments.of("quiet", "soon", null, "Invalid timeout 'soon': " + durations),
				Arguments.of("quiet", "", null, "Invalid timeout '': " + durations),
				Arguments.of("quiet", "1m30s", null, "Invalid timeout '1m30s': " + durations),
				Arguments.of("quiet", "99999999999999999999s", null,
						"Invalid timeout '99999999999999999999s': " + durations),
				Arguments.of("quiet", "2h", null,
						"Invalid timeout '2h': must be at most 30000ms, the max-wait of https-jsse-nio-8443"),
				Arguments.of("quiet", "20s", null,
						"Invalid timeout '20s': must be at most 10000ms, the max-wait of https-jsse-nio-9443"),
				Arguments.of("quiet", "1s", "https-jsse-nio-1",
						"Invalid connector 'https-jsse-nio-1': must be one of https-jsse-nio-8443, https-jsse-nio-9443"));
	}

	@ParameterizedTest
	@MethodSource("refused")
	void writeOfWrongValueChangesNothing(String policy, String timeout, String connector, String message) {
		TlsShutdownSettings short10s = TlsShutdownSettings.builder()
			.policy(TlsShutdownPolicy.UNIDIRECTIONAL)
			.timeout(Duration.ofSeconds(3))
			.maxWait(Duration.ofSeconds(10))
			.maxPending(10)
			.maxDiscard(10)
			.build();
		this.other.setSettings(short10s);
		TlsShutdownEndpoint endpoint = endpoint(Show.NEVER);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint.configureTlsShutdown(policy, timeout, connector))
			.withMessage(message)
			.satisfies((ex) -> assertThat(ex.getReason()).isEqualTo(message));
		WebEndpointResponse<OperationResponseBody> response = new TlsShutdownEndpointWebExtension(endpoint, Show.NEVER,
				Set.of())
			.configureTlsShutdown(policy, timeout, connector);
		assertThat(response.getStatus()).isEqualTo(400);
		assertThat(response.getBody()).extracting("error").isEqualTo(message);
		assertThat(this.connector.getSettings()).isEqualTo(TlsShutdownSettings.DEFAULTS);
		assertThat(this.other.getSettings()).isEqualTo(short10s);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0s", "-1s" })
	void writeOfTimeoutOutOfRangeSaysWhatSettingsAllow(String timeout) {
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint(Show.NEVER).configureTlsShutdown("quiet", timeout, null))
			.withMessageStartingWith("Invalid timeout '" + timeout + "': must be ")
			.withMessageContaining("more than 0 and at most 1h");
		assertThat(this.connector.getSettings()).isEqualTo(TlsShutdownSettings.DEFAULTS);
	}

	@Test
	void writeWhenNoConnectorRunsIsRefused() {
		this.recorder.onConnectorStopped(this.connector);
		this.recorder.onConnectorStopped(this.other);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> endpoint(Show.NEVER).configureTlsShutdown("quiet", null, null))
			.withMessage("Nothing to change: no connector that terminates TLS is running");
	}

	@Test
	void writesAtOnceDoNotUndoEachOther() throws InterruptedException {
		TlsShutdownEndpoint endpoint = endpoint(Show.NEVER);
		for (int i = 0; i < 500; i++) {
			TlsShutdownPolicy policy = TlsShutdownPolicy.values()[i % 3];
			String timeout = (i + 1) + "ms";
			ExecutorService threads = Executors.newFixedThreadPool(2);
			threads.execute(() -> endpoint.configureTlsShutdown(policy.name(), null, null));
			threads.execute(() -> endpoint.configureTlsShutdown(null, timeout, null));
			threads.shutdown();
			assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
			assertThat(this.other.getSettings())
				.isEqualTo(TlsShutdownSettings.DEFAULTS.withPolicy(policy).withTimeout(Duration.ofMillis(i + 1)));
		}
	}

	private TlsShutdownEvent decidedBy(String decidedBy) {
		return TlsShutdownEvent
			.builder(this.connector.getName(), TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.SENT)
			.decidedBy(decidedBy)
			.build();
	}

	private TlsShutdownEndpoint endpoint(Show showValues) {
		return new TlsShutdownEndpoint(this.recorder, List.of(), showValues, this.published::add);
	}

	private void recordFailure(String address) {
		this.recorder.onShutdown(
				TestEvents.event(this.connector, TlsShutdownOutcome.FAILED, TlsShutdownInitiator.PEER, address, 0));
	}

	private static Object remoteAddress(TlsShutdownEndpoint endpoint) {
		return endpoint.tlsShutdown(null, null).getRecent().get(0).getRemoteAddress();
	}

}
