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

package io.github.tlsshutdown.actuate;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.ReflectionException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.OncePerRequestFilter;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.TestHttpClient;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * {@link TlsShutdownEndpoint} as operators see it: over HTTPS and over JMX.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsShutdownEndpointHttpTests {

	private static final String ENDPOINT = "/actuator/tlsshutdown";

	private static final String LOGGING = "logging.level.io.github.tlsshutdown.actuate=info";

	/** Tomcat's max-connections is the limit of those that wait. */
	private static final TlsShutdownSettings UNCHANGED = TlsShutdownSettings.DEFAULTS.withMaxPending(8192);

	@Test
	void readShowsConnectorsAndRecentShutdowns() throws IOException {
		try (TestServer server = start("tls.shutdown.policy=bidirectional", "tls.shutdown.rules[0].protocol=TLSv1.2",
				"tls.shutdown.rules[0].policy=quiet", "tls.shutdown.rules[0].timeout=1s")) {
			int peer = resetFirst(server);
			assertThat(server.recorder().awaitEvent(peer).outcome()).isEqualTo(TlsShutdownOutcome.RESET);
			HttpResponse<String> response = client(server).get(ENDPOINT);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type")).get().asString().contains("json");
			assertThat(normalize(response.body())).isEqualTo("""
					{"connectors":[{"name":"https-jsse-nio-auto-N","port":PORT,\
					"effective":{"policy":"bidirectional","linger":true,"timeout":"PT3S","maxWait":"PT30S",\
					"maxPending":8192,"maxDiscard":67108864,"drainIdle":true},\
					"configured":{"policy":"bidirectional","linger":true,"timeout":"PT3S","maxWait":"PT30S",\
					"maxPending":8192,"maxDiscard":67108864,"drainIdle":true},\
					"rules":[{"name":"rules[0]","policy":"quiet","timeout":"PT1S","decided":0}],"resolvers":[],\
					"open":1,"pending":0,"since":"TIME",\
					"counts":{"bidirectional":{"sent":{"local":0,"peer":0},"completed":{"local":0,"peer":0},\
					"quiet":{"local":0,"peer":0},"aborted":{"local":0,"peer":0},"timed_out":{"local":0,"peer":0},\
					"unclean":{"local":0,"peer":0},"reset":{"local":0,"peer":1},\
					"failed":{"local":0,"peer":0},"overflow":{"local":0,"peer":0},\
					"no_handshake":{"local":0,"peer":0}}},\
					"decided":{"property":1,"endpoint":0,"request":0},\
					"truncated":{"local":0,"peer":1},"unread":{"drained":0,"cut":0}}],\
					"recent":[{"time":"TIME","connector":"https-jsse-nio-auto-N","outcome":"reset",\
					"initiator":"peer","policy":"bidirectional","decidedBy":"property","protocol":"TLSv1.3",\
					"cipherSuite":"TLS_AES_256_GCM_SHA384",\
					"remoteAddress":"******","duration":"DURATION","closeNotifySent":false,\
					"closeNotifyReceived":false,"discardedBytes":0,"truncated":"peer","unread":"none"}]}"""
				.replace("PORT", String.valueOf(server.port())));
		}
	}

	@Test
	void readShowsRemoteAddressesWhenAllowed() throws IOException {
		try (TestServer server = start("management.endpoint.tlsshutdown.show-values=always")) {
			int peer = resetFirst(server);
			assertThat(client(server).get(ENDPOINT).body()).contains("\"remoteAddress\":\"127.0.0.1:" + peer + "\"");
		}
	}

	@Test
	void readShowsRemoteAddressesToRoleWhenAuthorized() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class, UserFilter.class },
				FullApplication.PATH_PROPERTY, "management.endpoints.web.exposure.include=tlsshutdown",
				"management.endpoint.tlsshutdown.show-values=when-authorized",
				"management.endpoint.tlsshutdown.roles=operator")) {
			resetFirst(server);
			assertThat(client(server).get(ENDPOINT).body()).contains("\"remoteAddress\":\"******\"");
			assertThat(client(server).get(ENDPOINT, "X-Role", "guest").body()).contains("\"remoteAddress\":\"******\"");
			assertThat(client(server).get(ENDPOINT, "X-Role", "operator").body())
				.contains("\"remoteAddress\":\"127.0.0.1:");
		}
	}

	@Test
	void writeIsEffectiveForTheNextClose(CapturedOutput output) throws IOException {
		try (TestServer server = start(); TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.readResponse("hello");
			HttpResponse<String> response = client(server).post(ENDPOINT, """
					{"policy":"quiet","timeout":"1s","connector":"%s"}""".formatted(connector(server).getName()));
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(output).contains("TLS shutdown of " + connector(server).getName()
					+ " was changed by the web endpoint: policy from unidirectional to quiet, timeout from 3s to 1s");
			assertThat(normalize(response.body())).startsWith("""
					{"connectors":[{"name":"https-jsse-nio-auto-N","port":PORT,\
					"effective":{"policy":"quiet","linger":true,"timeout":"PT1S",""".replace("PORT",
					String.valueOf(server.port())));
			peer.get("/bye");
			peer.readResponse("bye");
			peer.awaitEnd();
			assertThat(peer.sawCloseNotify()).isFalse();
			assertThat(server.recorder().awaitEvent(peer.localPort()).policy()).isEqualTo(TlsShutdownPolicy.QUIET);
			assertThat(client(server).get(ENDPOINT).body())
				.contains("\"policy\":\"quiet\",\"linger\":true,\"timeout\":\"PT1S\"");
		}
	}

	@Test
	void readShowsWhatIsAskedFor() throws IOException {
		try (TestServer server = start()) {
			resetFirst(server);
			assertThat(client(server).get(ENDPOINT + "?outcome=reset").body()).contains("\"outcome\":\"reset\"");
			assertThat(client(server).get(ENDPOINT + "?outcome=failed").body()).endsWith("\"recent\":[]}");
			HttpResponse<String> refused = client(server).get(ENDPOINT + "?connector=x");
			assertThat(refused.statusCode()).isEqualTo(400);
			assertThat(refused.body())
				.isEqualTo("{\"error\":\"Invalid connector 'x': must be one of " + connector(server).getName() + "\"}");
		}
	}

	@Test
	void writeIsNotAllowedByDefault() {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class },
				FullApplication.PATH_PROPERTY, "management.endpoints.web.exposure.include=tlsshutdown")) {
			assertThat(client(server).get(ENDPOINT).statusCode()).isEqualTo(200);
			assertThat(client(server).post(ENDPOINT, "{\"policy\":\"quiet\"}").statusCode()).isEqualTo(405);
			assertThat(connector(server).getSettings()).isEqualTo(UNCHANGED);
		}
	}

	@Test
	void writeWhenMaximumAccessIsReadOnlyIsNotAllowed() {
		try (TestServer server = start("management.endpoints.access.max-permitted=read-only")) {
			assertThat(client(server).post(ENDPOINT, "{\"policy\":\"quiet\"}").statusCode()).isEqualTo(405);
		}
	}

	@Test
	void endpointIsNotServedUnlessExposed() {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class },
				FullApplication.PATH_PROPERTY)) {
			assertThat(client(server).get(ENDPOINT).statusCode()).isEqualTo(404);
		}
	}

	@Test
	void endpointServesJmx(CapturedOutput output) throws Exception {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class }, "spring.jmx.enabled=true",
				"spring.jmx.unique-names=true", LOGGING, "management.endpoint.tlsshutdown.access=unrestricted",
				"management.endpoints.jmx.exposure.include=tlsshutdown")) {
			resetFirst(server);
			MBeanServer jmx = ManagementFactory.getPlatformMBeanServer();
			ObjectName name = jmx
				.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=Tlsshutdown,*"), null)
				.iterator()
				.next();
			Map<?, ?> shown = (Map<?, ?>) jmx.invoke(name, "tlsShutdown", new Object[] { null, null },
					new String[] { "java.lang.String", "java.lang.String" });
			assertThat(shown.get("connectors")).asInstanceOf(InstanceOfAssertFactories.list(Map.class))
				.singleElement()
				.satisfies((connector) -> assertThat((Map<?, ?>) connector).hasFieldOrProperty("counts")
					.extracting("effective")
					.extracting("policy", "timeout")
					.containsExactly("unidirectional", "PT3S"));
			assertThat((List<?>) shown.get("recent")).hasSize(1);
			String[] signature = { "java.lang.String", "java.lang.String", "java.lang.String" };
			jmx.invoke(name, "configureTlsShutdown", new Object[] { "quiet", null, null }, signature);
			assertThat(connector(server).getSettings()).isEqualTo(UNCHANGED.withPolicy(TlsShutdownPolicy.QUIET));
			assertThat(output).contains("TLS shutdown of " + connector(server).getName()
					+ " was changed by JMX: policy from unidirectional to quiet");
			assertThatExceptionOfType(ReflectionException.class)
				.isThrownBy(
						() -> jmx.invoke(name, "configureTlsShutdown", new Object[] { "loud", null, null }, signature))
				.withMessage("Invalid policy 'loud': must be one of unidirectional, bidirectional, quiet");
		}
	}

	private static TestServer start(String... properties) {
		String[] all = new String[properties.length + 4];
		all[0] = FullApplication.PATH_PROPERTY;
		all[1] = "management.endpoints.web.exposure.include=tlsshutdown";
		all[2] = "management.endpoint.tlsshutdown.access=unrestricted";
		all[3] = LOGGING;
		System.arraycopy(properties, 0, all, 4, properties.length);
		return TestServer.start(new Class<?>[] { FullApplication.class }, all);
	}

	private static TestHttpClient client(TestServer server) {
		return new TestHttpClient(server.port(), FullApplication.PATH);
	}

	private static TlsShutdownConnector connector(TestServer server) {
		TlsShutdownConnector connector = server.recorder().connector();
		assertThat(connector).isNotNull();
		return connector;
	}

	/**
	 * Have a connection end by a reset in its upload, and wait until the endpoint knows
	 * of it.
	 * @param server the server
	 * @return the port of its peer
	 * @throws IOException if there is no connection
	 */
	private static int resetFirst(TestServer server) throws IOException {
		TlsShutdownRecorder recorder = server.context().getBean(TlsShutdownRecorder.class);
		try (TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			int port = peer.localPort();
			peer.send("POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
			peer.readAtLeast("HTTP/1.1 100".length());
			peer.reset();
			await().until(() -> !recorder.recent().isEmpty());
			return port;
		}
	}

	private static String normalize(String json) {
		return json.replaceAll("\"(time|since)\":\"[0-9-]+T[0-9:.]+Z\"", "\"$1\":\"TIME\"")
			.replaceAll("\"duration\":\"PT[0-9.E-]+S\"", "\"duration\":\"DURATION\"")
			.replaceAll("auto-\\d+", "auto-N");
	}

	/**
	 * Requests that are refused, and change nothing.
	 */
	@Nested
	@TestInstance(Lifecycle.PER_CLASS)
	class WrongValues {

		private final TestServer server = start();

		@AfterAll
		void stopServer() {
			this.server.close();
		}

		static Stream<Arguments> refused() {
			String nothing = "Nothing to change: specify a policy, a timeout or both";
			String tooLong = "must be at most 30000ms, the max-wait of CONNECTOR";
			return Stream.of(
					Arguments.of("{'policy':'loud'}",
							"Invalid policy 'loud': must be one of unidirectional, bidirectional, quiet"),
					Arguments.of("{'policy':'quiet','timeout':'soon'}",
							"Invalid timeout 'soon': must be a duration such as 500ms or 3s"),
					Arguments.of("{'policy':'quiet','timeout':'31s'}", "Invalid timeout '31s': " + tooLong),
					Arguments.of("{'policy':'quiet','timeout':31000}", "Invalid timeout '31000': " + tooLong),
					Arguments.of("{'policy':'quiet','connector':'x'}",
							"Invalid connector 'x': must be one of CONNECTOR"),
					Arguments.of("{'connector':'CONNECTOR'}", nothing), Arguments.of("{'polcy':'quiet'}", nothing),
					Arguments.of("{'policy':null}", nothing), Arguments.of("{}", nothing), Arguments.of("", nothing),
					// Not understood by Spring Boot itself
					Arguments.of("{'policy':", null), Arguments.of("{'policy':{'name':'quiet'}}", null),
					Arguments.of("['quiet']", null));
		}

		@ParameterizedTest
		@MethodSource("refused")
		void writeOfWrongValueIsABadRequest(String body, String message) {
			TlsShutdownConnector connector = connector(this.server);
			HttpResponse<String> response = client(this.server).post(ENDPOINT,
					body.replace('\'', '"').replace("CONNECTOR", connector.getName()));
			assertThat(response.statusCode()).isEqualTo(400);
			if (message != null) {
				assertThat(response.body())
					.isEqualTo("{\"error\":\"" + message.replace("CONNECTOR", connector.getName()) + "\"}");
			}
			assertThat(connector.getSettings()).isEqualTo(UNCHANGED);
		}

	}

	/**
	 * Takes the user's role from a header.
	 */
	@Configuration(proxyBeanMethods = false)
	static class UserFilter {

		@Bean
		OncePerRequestFilter roleFilter() {
			return new OncePerRequestFilter() {

				@Override
				protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
						FilterChain chain) throws ServletException, IOException {
					String role = request.getHeader("X-Role");
					chain.doFilter((role != null) ? new AuthenticatedRequest(request, role) : request, response);
				}

			};
		}

	}

	private static final class AuthenticatedRequest extends HttpServletRequestWrapper {

		private final String role;

		AuthenticatedRequest(HttpServletRequest request, String role) {
			super(request);
			this.role = role;
		}

		@Override
		public Principal getUserPrincipal() {
			return () -> "alice";
		}

		@Override
		public boolean isUserInRole(String role) {
			return this.role.equals(role);
		}

	}

}
