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
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that leave while the server is busy answering them.
 */
class LeavingClientTests {

	private static final int TIMES = 5;

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	static Stream<Arguments> policiesAndProtocols() {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> PROTOCOLS.stream().map((protocol) -> Arguments.of(policy, protocol)));
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatLeavesResponseInOrderCompletes(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TestServer server = start(policy)) {
			for (String path : List.of("/events", "/hello?size=20000000")) {
				for (int i = 0; i < TIMES; i++) {
					TlsPeer peer = TlsPeer.connect(server.port(), protocol);
					int port = peer.localPort();
					peer.get(path);
					peer.readAtLeast(1000);
					peer.sendCloseNotify();
					// Resets the connection: there is more to read
					peer.close();
					TlsShutdownEvent event = server.recorder().awaitEvent(port);
					assertThat(event.outcome()).isEqualTo((policy == TlsShutdownPolicy.QUIET) ? TlsShutdownOutcome.QUIET
							: TlsShutdownOutcome.COMPLETED);
					assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
					assertThat(event.closeNotifyReceived()).isTrue();
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("policiesAndProtocols")
	void clientThatLeavesResponseByResetIsReset(TlsShutdownPolicy policy, String protocol) throws IOException {
		try (TestServer server = start(policy)) {
			for (String path : List.of("/events", "/hello?size=20000000")) {
				TlsPeer peer = TlsPeer.connect(server.port(), protocol);
				int port = peer.localPort();
				peer.get(path);
				peer.readAtLeast(1000);
				peer.close();
				TlsShutdownEvent event = server.recorder().awaitEvent(port);
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.RESET);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
				assertThat(event.closeNotifyReceived()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void closeNotifyWithRequestIsAnsweredByPolicyUnderTls12(TlsShutdownPolicy policy) throws IOException {
		boolean quiet = policy == TlsShutdownPolicy.QUIET;
		try (TestServer server = start(policy)) {
			for (String path : List.of("/hello", "/bye?size=100000", "/large")) {
				for (int i = 0; i < TIMES; i++) {
					try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.2")) {
						byte[] request = peer.encrypt(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
							.getBytes(StandardCharsets.US_ASCII));
						byte[] alert = peer.encryptCloseNotify();
						byte[] both = Arrays.copyOf(request, request.length + alert.length);
						System.arraycopy(alert, 0, both, request.length, alert.length);
						peer.sendRaw(both);
						assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
						assertThat(peer.sawCloseNotify()).as(path).isEqualTo(!quiet);
						assertThat(peer.undecryptedBytes()).isZero();
						TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
						assertThat(event.outcome())
							.isEqualTo(quiet ? TlsShutdownOutcome.QUIET : TlsShutdownOutcome.COMPLETED);
						assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
						assertThat(event.closeNotifyReceived()).isTrue();
						assertThat(event.closeNotifySent()).isEqualTo(!quiet);
					}
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void finInRenegotiationIsUnclean(TlsShutdownPolicy policy) throws IOException {
		try (TestServer server = start(policy)) {
			for (boolean begun : new boolean[] { false, true }) {
				for (int i = 0; i < TIMES; i++) {
					try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.2")) {
						peer.get("/certificate");
						// The server asks for a new handshake
						assertThat(peer.socket().getInputStream().read()).isNotEqualTo(-1);
						if (begun) {
							peer.sendHandshake();
						}
						peer.sendFin();
						TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
						assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.UNCLEAN);
						assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
						assertThat(event.closeNotifyReceived()).isFalse();
					}
				}
			}
		}
	}

	private static TestServer start(TlsShutdownPolicy policy, String... properties) {
		String[] all = Arrays.copyOf(properties, properties.length + 2);
		all[properties.length] = "tls.shutdown.policy=" + policy;
		all[properties.length + 1] = "tls.shutdown.timeout=20s";
		return TestServer.start(new Class<?>[] { Configured.class }, all);
	}

	@Configuration(proxyBeanMethods = false)
	static class Configured {

		@Bean
		ServletRegistrationBean<EventsServlet> eventsServlet() {
			ServletRegistrationBean<EventsServlet> registration = new ServletRegistrationBean<>(new EventsServlet(),
					"/events", "/large");
			registration.setAsyncSupported(true);
			return registration;
		}

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> certificateCustomizer() {
			return (factory) -> factory.addEngineValves(new CertificateValve());
		}

	}

	/**
	 * Sends events until that is not possible any more, or a large body of unknown
	 * length.
	 */
	private static final class EventsServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
			if (request.getServletPath().equals("/large")) {
				for (int i = 0; i < 100; i++) {
					response.getOutputStream().write(new byte[10_000]);
				}
				return;
			}
			AsyncContext async = request.startAsync();
			async.setTimeout(0);
			response.setContentType("text/event-stream");
			EventWriter writer = new EventWriter(async);
			async.addListener(writer);
			new Thread(writer).start();
		}

	}

	/**
	 * Writes until its exchange has ended. Tomcat uses the response for the next exchange
	 * then.
	 */
	private static final class EventWriter implements Runnable, AsyncListener {

		private final AsyncContext async;

		private boolean ended;

		EventWriter(AsyncContext async) {
			this.async = async;
		}

		@Override
		public void run() {
			try {
				while (write()) {
					Thread.onSpinWait();
				}
			}
			catch (IOException | IllegalStateException ex) {
				// The client has left, and the container has seen it
			}
		}

		private synchronized boolean write() throws IOException {
			if (!this.ended) {
				this.async.getResponse().getOutputStream().print("data:event\n\n");
				this.async.getResponse().flushBuffer();
			}
			return !this.ended;
		}

		private synchronized void end() {
			this.ended = true;
		}

		@Override
		public void onComplete(AsyncEvent event) {
			end();
		}

		@Override
		public void onError(AsyncEvent event) {
			end();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			end();
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			// Not used
		}

	}

	/**
	 * Asks the client for a certificate, as Tomcat's authenticator does.
	 */
	private static final class CertificateValve extends ValveBase {

		CertificateValve() {
			super(true);
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			if (request.getRequestURI().equals("/certificate")) {
				request.getCoyoteRequest().action(ActionCode.REQ_SSL_CERTIFICATE, null);
			}
			getNext().invoke(request, response);
		}

	}

}
