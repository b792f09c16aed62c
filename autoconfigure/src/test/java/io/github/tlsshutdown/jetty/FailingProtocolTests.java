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
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections for which the protocol above TLS fails.
 */
class FailingProtocolTests {

	@ParameterizedTest
	@ValueSource(classes = { FailingProtocol.class, FailingConnection.class })
	void connectionIsCountedOnce(Class<?> failing) throws IOException {
		TestServer server = TestServer.start(new Class<?>[] { failing });
		try (server) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
				assertThat(socket.getInputStream().read()).isEqualTo(-1);
			}
			server.recorder().awaitTotal(1);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.NO_HANDSHAKE);
			await().until(() -> server.recorder().connector().getOpen() == 0);
			await().until(() -> server.openConnections() == 0);
		}
		server.recorder().awaitTotal(1);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void connectionThatCannotBeClosedDoesNotKeepTheServerFromStopping(CapturedOutput output) throws IOException {
		List<Socket> sockets = new ArrayList<>();
		try (TestServer server = TestServer.start(new Class<?>[] { FailingClose.class })) {
			for (int i = 0; i < 3; i++) {
				sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
			}
			await().until(() -> server.recorder().connector().getOpen() == 3);
			server.context().close();
			server.recorder().awaitTotal(3);
			assertThat(server.recorder().counts()).containsOnlyKeys(TlsShutdownOutcome.NO_HANDSHAKE);
			assertThat(server.recorder().connectors()).isEmpty();
			assertThat(output).doesNotContain("Unable to stop");
		}
		finally {
			for (Socket socket : sockets) {
				socket.close();
			}
		}
	}

	private static WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> protocol(
			BiFunction<Connector, EndPoint, Connection> protocol) {
		return (factory) -> factory.addServerCustomizers((server) -> ((AbstractConnector) server.getConnectors()[0])
			.addConnectionFactory(new HttpConnectionFactory() {

				@Override
				public Connection newConnection(Connector connector, EndPoint endPoint) {
					return protocol.apply(connector, endPoint);
				}

			}));
	}

	/**
	 * Fails to create a connection.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FailingProtocol {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> failingProtocol() {
			return protocol((connector, endPoint) -> {
				throw new IllegalStateException("thrown by the test");
			});
		}

	}

	/**
	 * Creates connections that fail at once.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FailingConnection {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> failingConnection() {
			return protocol((connector, endPoint) -> new AbstractConnection(endPoint, connector.getExecutor()) {

				@Override
				public void onOpen() {
					throw new IllegalStateException("thrown by the test");
				}

				@Override
				public void onFillable() {
				}

			});
		}

	}

	/**
	 * Creates connections that fail when they are to be closed.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FailingClose {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> failingClose() {
			return protocol((connector, endPoint) -> new AbstractConnection(endPoint, connector.getExecutor()) {

				@Override
				public void onFillable() {
				}

				@Override
				public void close() {
					throw new IllegalStateException("thrown by the test");
				}

			});
		}

	}

}
