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

package io.github.tlsshutdown.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the packaged sample application: what becomes of idle connections when it is
 * told to terminate.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "There is no SIGTERM")
class SampleTerminationIT {

	private static final int CONNECTIONS = 50;

	private static final int TERMINATED_BY_SIGTERM = 128 + 15;

	/** Less than the application waits for clients at the most. */
	private static final Duration EXIT = Duration.ofSeconds(25);

	// Shared, so that the certificate is made once
	@TempDir
	private static Path directory;

	private final List<TlsClient> clients = new ArrayList<>();

	@AfterEach
	void closeClients() throws IOException {
		for (TlsClient client : this.clients) {
			client.close();
		}
	}

	@Test
	void unidirectionalSendsCloseNotifyAndDoesNotWait() throws Exception {
		// Longer than the process may take to exit
		try (SampleProcess application = start("unidirectional", "30s")) {
			connect(application);
			application.terminate();
			assertThat(readEnds(false)).containsOnly(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
			assertThat(application.awaitExit(EXIT)).isEqualTo(TERMINATED_BY_SIGTERM);
			assertThat(application.loggedOutcomes()).isEqualTo(allOf("SENT"));
		}
	}

	@Test
	void bidirectionalSendsCloseNotifyAndCompletesWithClientsThatAnswer() throws Exception {
		// Longer than the process may take to exit
		try (SampleProcess application = start("bidirectional", "30s")) {
			connect(application);
			application.terminate();
			assertThat(readEnds(true)).containsOnly(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
			assertThat(application.awaitExit(EXIT)).isEqualTo(TERMINATED_BY_SIGTERM);
			assertThat(application.loggedOutcomes()).isEqualTo(allOf("COMPLETED"));
		}
	}

	@Test
	void bidirectionalWaitsForTimeoutForClientsThatDoNotAnswer() throws Exception {
		Duration timeout = Duration.ofSeconds(1);
		try (SampleProcess application = start("bidirectional", timeout.toSeconds() + "s")) {
			connect(application);
			long start = System.nanoTime();
			application.terminate();
			assertThat(readEnds(false)).containsOnly(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
			assertThat(application.awaitExit(EXIT)).isEqualTo(TERMINATED_BY_SIGTERM);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(timeout);
			assertThat(application.loggedOutcomes()).isEqualTo(allOf("TIMED_OUT"));
		}
	}

	@Test
	void quietSendsNoCloseNotify() throws Exception {
		try (SampleProcess application = start("quiet", "30s")) {
			connect(application);
			application.terminate();
			assertThat(readEnds(false)).containsOnly(TlsEnd.FIN_ALONE);
			assertThat(application.awaitExit(EXIT)).isEqualTo(TERMINATED_BY_SIGTERM);
			assertThat(application.loggedOutcomes()).isEqualTo(allOf("QUIET"));
		}
	}

	private static SampleProcess start(String policy, String timeout) throws IOException {
		return SampleProcess.start("sigterm-" + policy + "-" + timeout, directory, "--tls.shutdown.policy=" + policy,
				"--tls.shutdown.timeout=" + timeout, "--logging.level.io.github.tlsshutdown=debug");
	}

	private void connect(SampleProcess application) throws IOException {
		for (int i = 0; i < CONNECTIONS; i++) {
			TlsClient client = application.connect((i % 2 == 0) ? "TLSv1.2" : "TLSv1.3");
			this.clients.add(client);
			client.request("GET", "/hello");
			assertThat(client.readResponse().body()).isEqualTo("hello");
		}
	}

	private List<TlsEnd> readEnds(boolean answer) throws IOException {
		List<TlsEnd> ends = new ArrayList<>();
		for (TlsClient client : this.clients) {
			ends.add(client.readEnd());
			if (answer) {
				client.sendCloseNotify();
			}
		}
		return ends;
	}

	private static List<String> allOf(String outcome) {
		return Collections.nCopies(CONNECTIONS, outcome);
	}

}
