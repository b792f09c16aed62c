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

package io.github.tlsshutdown.tomcat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.tlsshutdown.testsupport.Gate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a connection that is idle when the server begins to stop.
 */
final class IdleAssertions {

	private IdleAssertions() {
	}

	/**
	 * Stop the server, and assert that an idle connection ends at once, and another one
	 * only after its response.
	 * @param server the server, with a {@link Gate}
	 * @param idle the idle connection
	 * @param busy a connection whose request for {@code /gate/length} is being handled
	 */
	static void assertEndsAtOnce(TestServer server, TlsPeer idle, TlsPeer busy) throws Exception {
		Gate gate = server.context().getBean(Gate.class);
		CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
		assertThat(idle.awaitEnd()).isEqualTo(End.FIN);
		assertThat(idle.sawCloseNotify()).isTrue();
		gate.open();
		// It was not the end of all waiting that has closed the other one
		assertThat(busy.awaitEnd()).isEqualTo(End.FIN);
		assertThat(busy.receivedText()).startsWith("HTTP/1.1 200").endsWith("length");
		stop.get(20, TimeUnit.SECONDS);
	}

}
