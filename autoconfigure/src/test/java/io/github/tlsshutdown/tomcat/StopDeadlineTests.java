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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.SslConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.Ssl.ClientAuth;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How long a server takes to stop, and what its peers are given of that time.
 */
class StopDeadlineTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	/** What Tomcat itself may take, on a busy machine. */
	private static final Duration REST = Duration.ofMillis(2_500);

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4 })
	void silentPeersOfAllConnectorsAreWaitedForTogether(int connectors) throws IOException {
		List<TlsPeer> peers = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { SeveralConnectors.class },
				"spring.ssl.bundle.jks.partners.keystore.location=file:" + TestCertificate.keyStore(),
				"spring.ssl.bundle.jks.partners.keystore.password=" + TestCertificate.PASSWORD,
				"test.connectors=" + connectors, "tls.shutdown.policy=bidirectional",
				"tls.shutdown.timeout=" + TIMEOUT.toMillis())) {
			assertThat(server.recorder().connectors()).hasSize(connectors);
			for (TlsShutdownConnector connector : server.recorder().connectors()) {
				peers.add(idle(connector.getPort()));
			}
			long start = System.nanoTime();
			server.context().close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(TIMEOUT, TIMEOUT.plus(REST));
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.TIMED_OUT, (long) connectors));
			assertThat(server.recorder().events()).extracting(TlsShutdownEvent::duration)
				.allSatisfy((duration) -> assertThat(duration).isGreaterThanOrEqualTo(TIMEOUT));
			assertThat(server.recorder().connectors()).isEmpty();
		}
		finally {
			for (TlsPeer peer : peers) {
				peer.close();
			}
		}
	}

	@Test
	void connectionsThatAreClosedLateHaveTheirTermAndNoneIsToldOfAfterTheStop() throws Exception {
		int connections = 60;
		List<Thread> answering = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { SlowResolver.class },
				"tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s")) {
			LastNews news = server.context().getBean(LastNews.class);
			for (int i = 0; i < connections; i++) {
				TlsPeer peer = idle(server.port());
				Thread thread = new Thread(() -> answer(peer));
				thread.start();
				answering.add(thread);
			}
			server.context().close();
			assertThat(server.recorder().counts()).isEqualTo(Map.of(TlsShutdownOutcome.COMPLETED, (long) connections));
			assertThat(news.afterStop).isEmpty();
			for (Thread thread : answering) {
				thread.join();
			}
		}
	}

	private static TlsPeer idle(int port) throws IOException {
		TlsPeer peer = TlsPeer.connect(port, "TLSv1.3");
		peer.get("/hello");
		peer.readResponse("hello");
		return peer;
	}

	private static void answer(TlsPeer peer) {
		try (peer) {
			peer.awaitEnd();
			peer.sendCloseNotify();
		}
		catch (IOException ex) {
			// The server has not waited, and says so
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class SeveralConnectors {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> partnersCustomizer(
				TlsShutdownConnectorCustomizer tlsShutdown, SslBundles bundles, Environment environment) {
			return (factory) -> {
				for (int i = 1; i < environment.getRequiredProperty("test.connectors", Integer.class); i++) {
					Connector connector = tlsShutdown.createConnector();
					connector.setPort(0);
					new SslConnectorCustomizer(LogFactory.getLog(StopDeadlineTests.class), connector, ClientAuth.NONE)
						.customize(bundles.getBundle("partners"), Map.of());
					factory.addAdditionalConnectors(connector);
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SlowResolver {

		/**
		 * Takes so long that Tomcat, which waits a second for it, gives up.
		 */
		@Bean
		TlsShutdownPolicyResolver slowResolver() {
			CountDownLatch never = new CountDownLatch(1);
			return (connection) -> {
				try {
					never.await(40, TimeUnit.MILLISECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				return null;
			};
		}

		@Bean
		LastNews lastNews() {
			return new LastNews();
		}

	}

	private static final class LastNews implements TlsShutdownListener {

		private final List<TlsShutdownEvent> afterStop = Collections.synchronizedList(new ArrayList<>());

		private volatile boolean stopped;

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			if (this.stopped) {
				this.afterStop.add(event);
			}
		}

		@Override
		public void onConnectorStopped(TlsShutdownConnector connector) {
			this.stopped = true;
		}

	}

}
