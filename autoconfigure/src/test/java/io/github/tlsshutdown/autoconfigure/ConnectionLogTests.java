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

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownEventBuilder;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownNoHandshakeReason;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ConnectionLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionLogTests {

	private static final String LOGGER = "io.github.tlsshutdown.connection";

	private final ConnectionLog log = new ConnectionLog();

	@AfterEach
	void resetLevel() {
		setLevel(null);
	}

	@Test
	void nothingLostIsTrace(CapturedOutput output) {
		TlsShutdownEvent event = event(TlsShutdownOutcome.SENT).build();
		setLevel(LogLevel.DEBUG);
		this.log.onShutdown(event);
		assertThat(output).isEmpty();
		setLevel(LogLevel.TRACE);
		this.log.onShutdown(event);
		assertThat(output).contains("TRACE",
				"TLS connection of 192.0.2.1:39160 to https-8443 ended: sent after 5000us"
						+ " (policy quiet by property, first to close local, TLSv1.3, application protocol h2,"
						+ " server name www.example.com, close_notify sent true, received false, 42 bytes discarded)");
	}

	@Test
	void troubleIsDebug(CapturedOutput output) {
		setLevel(LogLevel.INFO);
		troubles();
		assertThat(output).isEmpty();
		setLevel(LogLevel.DEBUG);
		troubles();
		assertThat(output.toString().lines()).hasSize(4).allMatch((line) -> line.contains("DEBUG"));
		assertThat(output).contains("unread cut", "truncated by peer", "reason plain_http", "timed_out");
	}

	private void troubles() {
		this.log.onShutdown(event(TlsShutdownOutcome.SENT).unread(TlsShutdownUnread.CUT).build());
		this.log.onShutdown(event(TlsShutdownOutcome.UNCLEAN).truncated(TlsShutdownInitiator.PEER).build());
		this.log.onShutdown(event(TlsShutdownOutcome.TIMED_OUT).closeNotifySent(false).build());
		this.log.onShutdown(
				event(TlsShutdownOutcome.NO_HANDSHAKE).noHandshakeReason(TlsShutdownNoHandshakeReason.PLAIN_HTTP)
					.build());
	}

	@Test
	void whatTheServerHadToDoIsInfoOnceAMinute(CapturedOutput output) {
		setLevel(LogLevel.INFO);
		for (int i = 0; i < 100; i++) {
			this.log.onShutdown(event(TlsShutdownOutcome.ABORTED).build());
		}
		assertThat(output.toString().lines()).hasSize(1).allMatch((line) -> line.contains("INFO"));
		setLevel(LogLevel.DEBUG);
		this.log.onShutdown(event(TlsShutdownOutcome.ABORTED).build());
		this.log.onShutdown(event(TlsShutdownOutcome.FAILED).build());
		assertThat(output.toString().lines().filter((line) -> line.contains("DEBUG"))).hasSize(2);
	}

	@Test
	void addressesOfVersionSixAreInBrackets(CapturedOutput output) throws IOException {
		setLevel(LogLevel.TRACE);
		this.log.onShutdown(event(TlsShutdownOutcome.SENT)
			.remoteAddress(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 39160))
			.build());
		assertThat(output).contains("of [2001:db8:0:0:0:0:0:1]:39160 to");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ecs", "logstash" })
	void structuredLoggingHasFields(String format, CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start("logging.structured.format.console=" + format,
				"logging.config=classpath:structured-console.xml", "logging.level." + LOGGER + "=trace");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.readResponse("bye");
			server.recorder().awaitEvent(peer.localPort());
			await().untilAsserted(() -> assertThat(output.toString().lines()).anyMatch(this::isOfAConnection));
			String line = output.toString().lines().filter(this::isOfAConnection).findFirst().orElseThrow();
			Map<String, Object> fields = JsonParserFactory.getJsonParser().parseMap(line);
			assertThat(fields).containsKey("message");
			assertThat(field(format, fields, "outcome")).isEqualTo("sent");
			assertThat(field(format, fields, "remote_address")).isEqualTo("127.0.0.1:" + peer.localPort());
			assertThat(field(format, fields, "connector").toString()).matches(server.connectorName());
			assertThat(field(format, fields, "close_notify_sent")).isEqualTo(true);
			assertThat(field(format, fields, "duration_us")).isInstanceOf(Number.class);
		}
		finally {
			resetConsole();
		}
	}

	// For tests that start no application
	private static void resetConsole() {
		System.clearProperty("CONSOLE_LOG_STRUCTURED_FORMAT");
		LoggingSystem system = LoggingSystem.get(ConnectionLogTests.class.getClassLoader());
		system.beforeInitialize();
		system.initialize(new LoggingInitializationContext(new StandardEnvironment()), "classpath:logback-test.xml",
				null);
		// The next application does it anew
		system.cleanUp();
	}

	private boolean isOfAConnection(String line) {
		return line.startsWith("{") && line.contains("TLS connection of");
	}

	// ECS has dots for what is inside of what
	@SuppressWarnings("unchecked")
	private static Object field(String format, Map<String, Object> fields, String name) {
		if (format.equals("ecs")) {
			Map<String, Object> tls = (Map<String, Object>) fields.get("tls");
			return ((Map<String, Object>) tls.get("shutdown")).get(name);
		}
		return fields.get("tls.shutdown." + name);
	}

	private static TlsShutdownEventBuilder event(TlsShutdownOutcome outcome) {
		return TlsShutdownEvent.builder("https-8443", TlsShutdownPolicy.QUIET, outcome)
			.protocol("TLSv1.3")
			.remoteAddress(new InetSocketAddress("192.0.2.1", 39160))
			.duration(Duration.ofMillis(5))
			.closeNotifySent(true)
			.discardedBytes(42)
			.applicationProtocol("h2")
			.serverName("www.example.com");
	}

	private static void setLevel(LogLevel level) {
		LoggingSystem.get(ConnectionLogTests.class.getClassLoader()).setLogLevel(LOGGER, level);
	}

}
