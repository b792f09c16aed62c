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

package io.github.tlsshutdown.engine;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.SocketTransport;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPair;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who decides how a single connection ends.
 */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
class PolicyDecisionTests {

	private static final String RULED_HOST = "ruled.example.com";

	private final AtomicReference<TlsShutdownPolicyResolver> resolver = ResolverConfiguration.resolver;

	private TestServer server;

	private TlsShutdownSettings settings;

	@BeforeAll
	void startServer() {
		this.server = TestServer.start(new Class<?>[] { ResolverConfiguration.class },
				"tls.shutdown.policy=unidirectional", "tls.shutdown.timeout=20s",
				"tls.shutdown.rules[0].server-name=" + RULED_HOST, "tls.shutdown.rules[0].policy=quiet",
				"tls.shutdown.rules[1].server-name=*.waiting.example.com", "tls.shutdown.rules[1].policy=bidirectional",
				"tls.shutdown.rules[1].timeout=150ms", "server.http2.enabled=true");
		this.settings = connector().getSettings();
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@AfterEach
	void nobodyHasAnOpinion() {
		this.resolver.set(null);
		connector().setSettings(this.settings);
	}

	static Stream<Arguments> pairs() {
		return Stream.of(Source.values())
			.flatMap((first) -> Stream.of(Source.values())
				.filter((second) -> first.compareTo(second) < 0)
				.map((second) -> Arguments.of(first, second)));
	}

	@ParameterizedTest
	@MethodSource("pairs")
	void firstSourceWins(Source winner, Source loser) throws IOException {
		Map<Source, TlsShutdownPolicy> policies = Map.of(winner, TlsShutdownPolicy.QUIET, loser,
				TlsShutdownPolicy.BIDIRECTIONAL);
		if (policies.containsKey(Source.RESOLVER)) {
			this.resolver.set((connection) -> policies.get(Source.RESOLVER));
		}
		if (policies.containsKey(Source.RUN_TIME)) {
			connector().setSettings(this.settings.withPolicy(policies.get(Source.RUN_TIME)));
		}
		String headers = policies.containsKey(Source.REQUEST) ? "Policy: " + policies.get(Source.REQUEST) + "\r\n" : "";
		assertThat(endOf(hostOf(policies.get(Source.RULES)), headers).policy()).isEqualTo(TlsShutdownPolicy.QUIET);
	}

	private static String hostOf(TlsShutdownPolicy ruled) {
		if (ruled == null) {
			return "other.example.com";
		}
		return (ruled == TlsShutdownPolicy.QUIET) ? RULED_HOST : "a.waiting.example.com";
	}

	private TlsShutdownEvent endOf(String host, String headers) throws IOException {
		try (TlsPeer peer = connect(asking(host))) {
			peer.send("GET /bye HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
			peer.readResponse("bye");
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			if (peer.sawCloseNotify()) {
				peer.sendCloseNotify();
			}
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(peer.sawCloseNotify()).isEqualTo(event.policy() != TlsShutdownPolicy.QUIET);
			return event;
		}
	}

	@Test
	void attributeOfTheLastRequestThatHasItWins() throws IOException {
		try (TlsPeer peer = connect(asking("other.example.com"))) {
			for (String policy : List.of("quiet", "BIDIRECTIONAL")) {
				peer.send("GET /hello HTTP/1.1\r\nHost: localhost\r\nPolicy: " + policy + "\r\n\r\n");
				peer.readResponse("hello");
			}
			peer.get("/bye");
			peer.readResponse("bye");
			peer.awaitFinOrReset();
			peer.sendCloseNotify();
			assertThat(this.server.recorder().awaitEvent(peer.localPort()).policy())
				.isEqualTo(TlsShutdownPolicy.BIDIRECTIONAL);
		}
		assertThat(endOf("other.example.com", "").policy()).isEqualTo(TlsShutdownPolicy.UNIDIRECTIONAL);
	}

	@Test
	void attributeThatIsNoPolicyHasNoEffect(CapturedOutput output) throws IOException {
		assertThat(endOf("other.example.com", "Policy: loud\r\n").policy()).isEqualTo(TlsShutdownPolicy.UNIDIRECTIONAL);
		assertThat(endOf("other.example.com", "Policy: loud\r\n").policy()).isEqualTo(TlsShutdownPolicy.UNIDIRECTIONAL);
		assertThat(output).containsOnlyOnce("'loud'");
	}

	@Test
	void resolverIsToldAboutTheConnection() throws IOException {
		AtomicReference<Map<String, Object>> told = new AtomicReference<>();
		this.resolver.set((connection) -> {
			told.set(facts(connection));
			return null;
		});
		SSLParameters parameters = asking("www.example.com");
		parameters.setApplicationProtocols(new String[] { "h2" });
		try (TlsPeer peer = connect(parameters)) {
			peer.sendCloseNotify();
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.UNIDIRECTIONAL);
			assertThat(told.get()).containsEntry("subject", null)
				.containsAllEntriesOf(Map.of("connector", event.connector(), "localPort", this.server.port(),
						"remotePort", peer.localPort(), "serverName", "www.example.com", "protocol", "TLSv1.3",
						"cipherSuite", peer.engine().getSession().getCipherSuite(), "applicationProtocol", "h2"));
		}
	}

	private static Map<String, Object> facts(TlsShutdownConnection connection) {
		Map<String, Object> facts = new HashMap<>();
		facts.put("connector", connection.getConnector());
		facts.put("localPort", connection.getLocalPort());
		facts.put("remotePort", connection.getRemoteAddress().getPort());
		facts.put("serverName", connection.getServerName());
		facts.put("protocol", connection.getProtocol());
		facts.put("cipherSuite", connection.getCipherSuite());
		facts.put("applicationProtocol", connection.getApplicationProtocol());
		facts.put("subject", connection.getClientSubject());
		return facts;
	}

	@Test
	void resolverThatThrowsHasNoOpinion(CapturedOutput output) throws IOException {
		this.resolver.set((connection) -> {
			throw new IllegalStateException("thrown by the test");
		});
		assertThat(endOf(RULED_HOST, "").policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		assertThat(endOf("other.example.com", "").policy()).isEqualTo(TlsShutdownPolicy.UNIDIRECTIONAL);
		assertThat(output).containsOnlyOnce("makes no choice for this connection");
	}

	@Test
	void ruleWhoseConditionThrowsIsNotMet(CapturedOutput output) throws IOException {
		TlsShutdownRule throwing = TlsShutdownRule.builder((connection) -> {
			throw new IllegalStateException("thrown by the test");
		}, TlsShutdownPolicy.BIDIRECTIONAL).build();
		TlsShutdownRule next = TlsShutdownRule.builder((connection) -> true, TlsShutdownPolicy.QUIET).build();
		PolicyDecision decision = new PolicyDecision(List.of(), List.of(throwing, next));
		try (SocketChannel socket = SocketChannel.open()) {
			TlsShutdownConnection connection = new EngineConnection(new ServerConnector(),
					new SocketTransport(socket, new NioConnector()), TlsPair.of("TLSv1.3").server());
			assertThat(decision.decide(connection, null, new Decision(this.settings, Decision.BY_PROPERTY))
				.settings()
				.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
			assertThat(output).containsOnlyOnce("the rule does not match");
		}
	}

	@Test
	void timeoutOfRuleReplacesTheConnectors() throws IOException {
		try (TlsPeer peer = connect(asking("a.waiting.example.com"))) {
			peer.get("/bye");
			peer.awaitEnd();
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.BIDIRECTIONAL);
			assertThat(event.duration()).isLessThan(this.settings.timeout());
		}
	}

	private TlsPeer connect(SSLParameters parameters) throws IOException {
		return TlsPeer.connect(this.server.port(), "TLSv1.3", TlsPeer.newContext(), 0, parameters);
	}

	private static SSLParameters asking(String host) {
		SSLParameters parameters = new SSLParameters();
		parameters.setServerNames(List.of(new SNIHostName(host)));
		return parameters;
	}

	private TlsShutdownConnector connector() {
		return this.server.recorder().connector();
	}

	/**
	 * Where a policy can come from, the one that wins first.
	 */
	enum Source {

		REQUEST, RESOLVER, RULES, RUN_TIME, PROPERTY

	}

	@Configuration(proxyBeanMethods = false)
	static class ResolverConfiguration {

		private static final AtomicReference<TlsShutdownPolicyResolver> resolver = new AtomicReference<>();

		@Bean
		TlsShutdownPolicyResolver replaceableResolver() {
			return (connection) -> {
				TlsShutdownPolicyResolver current = resolver.get();
				return (current != null) ? current.resolve(connection) : null;
			};
		}

	}

}
