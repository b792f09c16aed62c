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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FlightRecording}.
 */
class FlightRecordingTests {

	private static final String NAME = "io.github.tlsshutdown.TlsShutdown";

	@Test
	void connectionsAreRecordedIfARecordingAsksForThem() throws IOException {
		List<RecordedEvent> events = new CopyOnWriteArrayList<>();
		try (TestServer server = TestServer.start(); RecordingStream recording = new RecordingStream()) {
			recording.enable(NAME);
			recording.setReuse(false);
			recording.onEvent(NAME, events::add);
			recording.startAsync();
			try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
				peer.get("/bye");
				peer.readResponse("bye");
				await().until(() -> !events.isEmpty());
				assertIsOf(peer.localPort(), server.connectorName(), events.get(0));
			}
		}
	}

	private static void assertIsOf(int port, String connector, RecordedEvent event) {
		assertThat(event.getString("connector")).matches(connector);
		assertThat(event.getString("remoteAddress")).isEqualTo("127.0.0.1:" + port);
		assertThat(event.getString("outcome")).isEqualTo("sent");
		assertThat(event.getString("policy")).isEqualTo("unidirectional");
		assertThat(event.getString("decidedBy")).isEqualTo("property");
		assertThat(event.getString("initiator")).isEqualTo("local");
		assertThat(event.getString("protocol")).isEqualTo("TLSv1.3");
		assertThat(event.getString("cipherSuite")).startsWith("TLS_");
		assertThat(event.getString("noHandshakeReason")).isNull();
		assertThat(event.getBoolean("closeNotifySent")).isTrue();
		assertThat(event.getDuration("shutdownDuration")).isPositive();
		assertThat(event.getStackTrace()).isNull();
	}

	@Test
	void nothingIsRecordedUnlessARecordingAsksForIt(@TempDir Path directory) throws IOException {
		try (Recording recording = new Recording()) {
			recording.start();
			new FlightRecording().onShutdown(
					TlsShutdownEvent.builder("https-8443", TlsShutdownPolicy.UNIDIRECTIONAL, TlsShutdownOutcome.SENT)
						.build());
			recording.stop();
			Path file = directory.resolve("connections.jfr");
			recording.dump(file);
			assertThat(RecordingFile.readAllEvents(file)).extracting((event) -> event.getEventType().getName())
				.doesNotContain(NAME);
		}
	}

	@Test
	void applicationWithoutRecordingsDoesNotLoadTheEvent() throws IOException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Xlog:class+load",
				"-Dserver.under.test=" + System.getProperty("server.under.test", "tomcat"), "-cp",
				System.getProperty("java.class.path"), OptionalLibrariesTests.Application.class.getName())
			.redirectErrorStream(true)
			.start();
		assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("SENT")
			.contains(FlightRecording.class.getName())
			.doesNotContain(TlsShutdownFlightEvent.class.getName());
	}

}
