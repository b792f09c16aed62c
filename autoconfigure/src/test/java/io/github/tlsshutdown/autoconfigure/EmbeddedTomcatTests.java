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

package io.github.tlsshutdown.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.ReactiveApplication;
import io.github.tlsshutdown.testsupport.TestCertificate;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;
import io.github.tlsshutdown.tomcat.TlsShutdownHttp11NioProtocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Running applications: what the auto-configuration makes of a server, however its TLS
 * was configured. The policy is {@code quiet} where it has to show on the wire, because
 * plain Tomcat sends close_notify, too.
 */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedTomcatTests {

	private static final String NO_TLS = "server.ssl.enabled=false";

	private static final String QUIET = "tls.shutdown.policy=quiet";

	@Test
	void applicationWhenWithoutTlsIsServedAsEverAndStartsNothing() throws IOException {
		Collection<Thread> before = TestServer.reactorThreads();
		try (TestServer server = TestServer.start(NO_TLS, "tls.shutdown.policy=bidirectional")) {
			assertThat(server.connector().getProtocolHandler()).isInstanceOf(Http11NioProtocol.class);
			assertThat(plainGet(server.port(), "/bye")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nbye");
			assertThat(server.recorder().connector()).isNull();
			assertThat(server.recorder().events()).isEmpty();
			assertThat(TestServer.reactorThreads()).containsExactlyInAnyOrderElementsOf(before);
		}
	}

	@Test
	void reactorThreadWhenConnectionsWaitIsThereAndGoesWithTheApplication() throws IOException {
		Collection<Thread> before = TestServer.reactorThreads();
		try (TestServer server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=20s");
				TlsPeer peer = TlsPeer.connect(server.port(), "TLSv1.3")) {
			peer.get("/bye");
			peer.awaitFinOrReset();
			await().until(() -> TestServer.reactorThreads().size() == before.size() + 1);
			peer.sendCloseNotify();
			assertThat(server.recorder().awaitEvent(peer.localPort()).outcome())
				.isEqualTo(TlsShutdownOutcome.COMPLETED);
		}
		assertThat(TestServer.reactorThreads()).containsExactlyInAnyOrderElementsOf(before);
	}

	@Test
	void applicationWhenDisabledHasTomcatsOwnProtocol() throws IOException {
		try (TestServer server = TestServer.start("tls.shutdown.enabled=false", QUIET)) {
			assertThat(server.connector().getProtocolHandler()).isExactlyInstanceOf(Http11NioProtocol.class);
			assertEndsWithCloseNotify(server.port());
			assertThat(server.recorder().connector()).isNull();
			assertThat(server.recorder().events()).isEmpty();
		}
	}

	@Test
	void protocolWhenChosenByUserIsKeptWithAWarning(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Nio2.class }, QUIET)) {
			assertThat(server.connector().getProtocolHandler()).isExactlyInstanceOf(Http11Nio2Protocol.class);
			assertEndsWithCloseNotify(server.port());
			assertThat(server.recorder().connector()).isNull();
			assertThat(server.recorder().events()).isEmpty();
		}
		assertThat(output.toString().lines().filter((line) -> line.contains("tls.shutdown"))).singleElement()
			.asString()
			.contains("WARN")
			.containsPattern("https-jsse-nio2-auto-\\d+")
			.contains(Http11Nio2Protocol.class.getName())
			.contains("use " + TlsShutdownHttp11NioProtocol.class.getName() + " or the default protocol")
			.contains("tls.shutdown.enabled=false");
	}

	@Test
	void protocolWhenChosenByUserAndTlsSetByCustomizerIsKeptWithAWarning(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Nio2.class, TlsByCustomizer.class }, NO_TLS)) {
			assertThat(server.connector().getProtocolHandler()).isExactlyInstanceOf(Http11Nio2Protocol.class);
			assertEndsWithCloseNotify(server.port());
		}
		assertThat(output).containsOnlyOnce("tls.shutdown.* does not apply");
	}

	@Test
	void protocolWhenChosenByUserWithoutTlsIsKeptInSilence(CapturedOutput output) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { Nio2.class }, NO_TLS)) {
			assertThat(server.connector().getProtocolHandler()).isExactlyInstanceOf(Http11Nio2Protocol.class);
			assertThat(plainGet(server.port(), "/bye")).startsWith("HTTP/1.1 200");
		}
		assertThat(output).doesNotContain("tls.shutdown");
	}

	@Test
	void connectionWhenTlsIsSetByServerPropertiesEndsByPolicy() throws IOException {
		try (TestServer server = TestServer.start(QUIET)) {
			assertEndsQuietly(server.port(), server.recorder());
		}
	}

	@Test
	void connectionWhenTlsIsSetByBundleEndsByPolicy() throws IOException {
		// A key store that would fail shows that the bundle is what is used
		try (TestServer server = TestServer.start(QUIET, "server.ssl.bundle=test",
				"server.ssl.key-store=file:there-is-none.p12",
				"spring.ssl.bundle.jks.test.keystore.location=file:" + TestCertificate.keyStore(),
				"spring.ssl.bundle.jks.test.keystore.password=" + TestCertificate.PASSWORD)) {
			assertEndsQuietly(server.port(), server.recorder());
		}
	}

	@Test
	void connectionWhenTlsIsSetByConnectorCustomizerOnlyEndsByPolicy() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { TlsByCustomizer.class }, NO_TLS, QUIET)) {
			assertEndsQuietly(server.port(), server.recorder());
		}
	}

	@Test
	void connectionWhenApplicationIsReactiveEndsByPolicy() throws IOException {
		try (TestServer server = ReactiveApplication.start(new Class<?>[0], QUIET)) {
			assertEndsQuietly(server.port(), server.recorder());
		}
	}

	@Test
	void connectorWhenUserHasSettingsEndsByThose() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { QuietSettings.class },
				"tls.shutdown.policy=bidirectional")) {
			assertThat(server.recorder().connector()).isNotNull()
				.extracting(TlsShutdownConnector::getSettings)
				.isEqualTo(QuietSettings.SETTINGS.withMaxPending(8192));
			assertEndsQuietly(server.port(), server.recorder());
		}
	}

	@Test
	void listenersAreAllToldInOrder() throws IOException {
		Notes notes;
		try (TestServer server = TestServer.start(new Class<?>[] { OrderedListeners.class }, QUIET)) {
			notes = server.context().getBean(Notes.class);
			assertEndsQuietly(server.port(), server.recorder());
			await().until(() -> notes.taken().size() == 4);
			assertThat(notes.taken()).containsExactly("first started", "second started", "first QUIET", "second QUIET");
		}
		assertThat(notes.taken()).endsWith("first stopped", "second stopped").hasSize(6);
	}

	private static void assertEndsQuietly(int port, EventRecorder recorder) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
			peer.get("/bye");
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
			assertThat(peer.sawCloseNotify()).isFalse();
			TlsShutdownEvent event = recorder.awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.QUIET);
			assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
			TlsShutdownConnector connector = recorder.connector();
			assertThat(connector).isNotNull();
			assertThat(connector.getPort()).isEqualTo(port);
			assertThat(event.connector()).isEqualTo(connector.getName());
		}
	}

	/**
	 * What Tomcat does without us.
	 */
	private static void assertEndsWithCloseNotify(int port) throws IOException {
		try (TlsPeer peer = TlsPeer.connect(port, "TLSv1.3")) {
			peer.get("/bye");
			assertThat(peer.awaitEnd()).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
			assertThat(peer.sawCloseNotify()).isTrue();
		}
	}

	private static String plainGet(int port, String path) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(20_000);
			socket.getOutputStream()
				.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Nio2 {

		@Bean
		WebServerFactoryCustomizer<TomcatWebServerFactory> nio2Customizer() {
			return (factory) -> factory.setProtocol("org.apache.coyote.http11.Http11Nio2Protocol");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TlsByCustomizer {

		@Bean
		TomcatConnectorCustomizer tlsCustomizer() {
			return (connector) -> {
				SSLHostConfig host = new SSLHostConfig();
				SSLHostConfigCertificate certificate = new SSLHostConfigCertificate(host,
						SSLHostConfigCertificate.Type.UNDEFINED);
				certificate.setCertificateKeystoreFile(TestCertificate.keyStore().toString());
				certificate.setCertificateKeystorePassword(TestCertificate.PASSWORD);
				host.addCertificate(certificate);
				connector.setScheme("https");
				connector.setSecure(true);
				connector.setProperty("SSLEnabled", "true");
				connector.addSslHostConfig(host);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QuietSettings {

		static final TlsShutdownSettings SETTINGS = TlsShutdownSettings.DEFAULTS.withPolicy(TlsShutdownPolicy.QUIET);

		@Bean
		TlsShutdownSettings mySettings() {
			return SETTINGS;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OrderedListeners {

		@Bean
		Notes notes() {
			return new Notes();
		}

		@Bean
		@Order(2)
		TlsShutdownListener secondListener(Notes notes) {
			return new NoteTaker("second", notes);
		}

		@Bean
		@Order(1)
		TlsShutdownListener firstListener(Notes notes) {
			return new NoteTaker("first", notes);
		}

	}

	static final class Notes {

		private final Collection<String> notes = new ConcurrentLinkedQueue<>();

		void take(String note) {
			this.notes.add(note);
		}

		List<String> taken() {
			return List.copyOf(this.notes);
		}

	}

	private static final class NoteTaker implements TlsShutdownListener {

		private final String name;

		private final Notes notes;

		NoteTaker(String name, Notes notes) {
			this.name = name;
			this.notes = notes;
		}

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.notes.take(this.name + " " + event.outcome());
		}

		@Override
		public void onConnectorStarted(TlsShutdownConnector connector) {
			this.notes.take(this.name + " started");
		}

		@Override
		public void onConnectorStopped(TlsShutdownConnector connector) {
			this.notes.take(this.name + " stopped");
		}

	}

}
