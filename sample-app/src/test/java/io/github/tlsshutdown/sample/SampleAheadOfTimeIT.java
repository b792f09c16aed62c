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

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The sample as it was processed ahead of time: without the reflection and the conditions
 * that a native image does not have either.
 */
class SampleAheadOfTimeIT {

	@Test
	void connectionEndsByPolicyAndIsCounted(@TempDir Path directory) throws Exception {
		try (SampleProcess application = SampleProcess.start("ahead-of-time", directory,
				List.of("-Dspring.aot.enabled=true"))) {
			assertThat(application.log()).contains("Starting AOT-processed");
			try (TlsClient client = application.connect("TLSv1.3")) {
				client.request("GET", "/bye");
				assertThat(client.readResponse().body()).isEqualTo("bye");
				assertThat(client.readEnd()).isEqualTo(TlsEnd.CLOSE_NOTIFY_THEN_FIN);
				client.sendCloseNotify();
				await().until(() -> application.loggedOutcomes().equals(List.of("COMPLETED")));
			}
			try (TlsClient client = application.connect("TLSv1.3")) {
				client.request("GET", "/actuator/metrics/tls.shutdown?tag=outcome:completed");
				assertThat(client.readResponse().body()).contains("{\"statistic\":\"COUNT\",\"value\":1.0}");
			}
		}
	}

	@Test
	void pageHasAllItNeeds(@TempDir Path directory) throws Exception {
		try (SampleProcess application = SampleProcess.start("ahead-of-time-page", directory,
				List.of("-Dspring.aot.enabled=true"))) {
			SampleHttp http = new SampleHttp(application);
			assertThat(http.get("/").body()).contains("<title>How TLS connections end</title>");
			assertThat(http.getJson("/connection").at("/tls").asString()).isEqualTo("TLSv1.3");
			assertThat(http.get("/docs/rules.md").body()).startsWith("# ");
			assertThat(http.post("/demo/linger", "{\"linger\":false}").body()).isEqualTo("{\"linger\":false}");
			HttpResponse<String> response = http.post("/demo/connections",
					"{\"ending\":\"fin\",\"count\":1,\"policy\":\"quiet\"}");
			assertThat(response.body()).startsWith("[{\"outcome\":\"unclean\",\"policy\":\"quiet\",")
				.contains("{\"by\":\"client\",\"what\":\"fin\",");
		}
	}

}
