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

package io.github.tlsshutdown.jetty;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.contract.LimitsContract;
import io.github.tlsshutdown.testsupport.SmallSendBuffer;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a peer can make the server hold, and for how long.
 */
class LimitsTests extends LimitsContract {

	@Test
	void peerThatSendsMoreThanMaxDiscardIsClosed() throws IOException {
		assertMaxDiscard();
	}

	@ParameterizedTest
	@EnumSource
	void responseThatIsNeverReadIsCutByTheIdleTimeout(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { SmallSendBuffer.class },
				"tls.shutdown.policy=" + policy, "server.jetty.connection-idle-timeout=1s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3", TlsPeer.newContext(), 4096)) {
			peer.get("/bye?size=20000000");
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.ABORTED);
			assertThat(event.closeNotifySent()).isFalse();
		}
	}

	@Test
	void recordsWithoutDataAreEndedBeforeTheyCostMuch() throws IOException {
		assertRecordsWithoutDataEnded();
	}

}
