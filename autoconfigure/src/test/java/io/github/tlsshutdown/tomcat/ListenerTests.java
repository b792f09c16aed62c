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

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a listener that throws can harm: nothing.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerTests {

	@Test
	void listenerThatThrowsHarmsNoConnectionAndNoOtherListener(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { ThrowingListenerConfiguration.class },
				"tls.shutdown.policy=bidirectional")) {
			for (int i = 0; i < 20; i++) {
				try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
					peer.get("/bye");
					peer.readResponse("bye");
					peer.awaitEnd();
					assertThat(peer.sawCloseNotify()).isTrue();
					peer.sendCloseNotify();
				}
			}
			server.recorder().awaitTotal(20);
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.COMPLETED, 20L));
			assertThat(server.context().getBean(ThrowingListener.class).calls).hasValue(21);
			assertThat(output).containsOnlyOnce("TlsShutdownListener " + ThrowingListener.class.getName() + " failed");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class ThrowingListenerConfiguration {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ThrowingListener throwingListener() {
			return new ThrowingListener();
		}

	}

	private static final class ThrowingListener implements TlsShutdownListener {

		private final AtomicInteger calls = new AtomicInteger();

		@Override
		public void onConnectorStarted(TlsShutdownConnector connector) {
			this.calls.incrementAndGet();
			throw new IllegalStateException("thrown by the test");
		}

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.calls.incrementAndGet();
			throw new AssertionError("thrown by the test");
		}

	}

}
