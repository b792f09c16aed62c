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

package io.github.tlsshutdown.testsupport;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Connector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.autoconfigure.TlsShutdownAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A Spring Boot application with the {@link ServerUnderTest server under test} and TLS on
 * a free port.
 * <p>
 * {@code /hello} answers and keeps the connection; {@code /bye} answers and closes it;
 * {@code /reject} answers 413 and closes without reading the upload; {@code /read} reads
 * it first; {@code /fails} begins its answer and fails; {@code /short} declares more than
 * it answers. {@code size} is the number of bytes in the answer. A header {@code Policy}
 * becomes the request attribute that decides how the connection ends.
 */
public final class TestServer implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final EventRecorder recorder;

	private TestServer(ConfigurableApplicationContext context) {
		this.context = context;
		this.recorder = context.getBean(EventRecorder.class);
	}

	/**
	 * Start a server.
	 * @param properties properties of the application, such as
	 * {@code tls.shutdown.policy=quiet}
	 * @return the running server
	 */
	public static TestServer start(String... properties) {
		return start(new Class<?>[0], properties);
	}

	/**
	 * Start a server with more configuration.
	 * @param configuration configuration classes
	 * @param properties properties of the application
	 * @return the running server
	 */
	public static TestServer start(Class<?>[] configuration, String... properties) {
		return start(Application.class, ServerUnderTest.plug().type(), configuration, properties);
	}

	/**
	 * Start a server that serves something else.
	 * @param application the application, which has to have a recorder
	 * @param type what kind of application it is
	 * @param configuration more configuration classes
	 * @param properties properties of the application
	 * @return the running server
	 */
	public static TestServer start(Class<?> application, WebApplicationType type, Class<?>[] configuration,
			String... properties) {
		return new TestServer(new SpringApplicationBuilder(application).web(type)
			.sources(configuration)
			.properties(withDefaults(properties))
			.run());
	}

	/**
	 * Start a server that is observed in another way.
	 * @param application the application, which has to have a recorder, and to import
	 * {@link Server}
	 * @param properties properties of the application
	 * @return the running server
	 */
	public static TestServer start(Class<?> application, List<String> properties) {
		return start(application, ServerUnderTest.plug().type(), new Class<?>[0], properties.toArray(String[]::new));
	}

	/**
	 * Start a server by a main method, which has to run an {@link Application}.
	 * @param main the method
	 * @param properties properties of the application
	 * @return the running server
	 */
	public static TestServer start(Consumer<String[]> main, String... properties) {
		AtomicReference<ConfigurableApplicationContext> started = new AtomicReference<>();
		String[] arguments = withDefaults(properties).entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
		SpringApplication.withHook((application) -> new SpringApplicationRunListener() {

			@Override
			public void ready(ConfigurableApplicationContext ready, Duration timeTaken) {
				started.set(ready);
			}

		}, () -> main.accept(arguments));
		return new TestServer(started.get());
	}

	private static Map<String, Object> withDefaults(String... properties) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("server.port", "0");
		all.put("server.ssl.key-store", "file:" + TestCertificate.keyStore());
		all.put("server.ssl.key-store-password", TestCertificate.PASSWORD);
		all.put("server.ssl.enabled-protocols", "TLSv1.2,TLSv1.3");
		all.put("spring.main.banner-mode", "off");
		all.put("spring.jmx.enabled", "false");
		for (String property : properties) {
			all.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return all;
	}

	public int port() {
		return webServer().getPort();
	}

	/**
	 * Return what records the events, even after the application was closed.
	 * @return the recorder
	 */
	public EventRecorder recorder() {
		return this.recorder;
	}

	public ConfigurableApplicationContext context() {
		return this.context;
	}

	/**
	 * Return Tomcat's connector.
	 * @return the connector
	 */
	public Connector connector() {
		return TomcatPlug.connector(webServer());
	}

	/**
	 * Have connections end by another policy from now on.
	 * @param policy the policy
	 */
	public void usePolicy(TlsShutdownPolicy policy) {
		TlsShutdownConnector connector = this.recorder.connectors().get(0);
		connector.setSettings(connector.getSettings().withPolicy(policy));
	}

	/**
	 * Return the number of connections that the server counts.
	 * @return the number
	 */
	public long openConnections() {
		return ServerUnderTest.plug().openConnections(webServer());
	}

	/**
	 * Have the server forget the TLS sessions that it keeps, if it keeps any.
	 */
	public void forgetSessions() {
		ServerUnderTest.plug().forgetSessions(webServer());
	}

	/**
	 * Wait until the server has written what requests of HTTP/2 ask for, where it gives
	 * up the rest when the client says GOAWAY.
	 * @param requests the number of requests since the server was started
	 */
	public void awaitServed(int requests) {
		await().until(() -> ServerUnderTest.plug().mayBeToldGoAway(webServer(), requests));
	}

	/**
	 * Return the name of the connector, of a server on any port.
	 * @return a regular expression
	 */
	public String connectorName() {
		return ServerUnderTest.plug().connectorName();
	}

	/**
	 * Return what sets how long a server waits for a peer that neither sends nor reads.
	 * @param timeout the time
	 * @return a property
	 */
	public static String idleTimeout(Duration timeout) {
		return ServerUnderTest.plug().idleTimeout(timeout);
	}

	/**
	 * Return how a server answers plain HTTP on its TLS port.
	 * @return what the answer begins with
	 */
	public static String answerToPlainHttp() {
		return ServerUnderTest.plug().answerToPlainHttp();
	}

	/**
	 * Return whether Spring Boot lets the server have several certificates, and changes
	 * them while it runs.
	 * @return whether it does
	 */
	public static boolean hasServerNameBundles() {
		return ServerUnderTest.plug().hasServerNameBundles();
	}

	/**
	 * Return whether a server notices each reset when it comes, and not only when it is
	 * tired of waiting.
	 * @return whether it does
	 */
	public static boolean noticesResets() {
		return ServerUnderTest.plug().noticesResets();
	}

	/**
	 * Return whether a server answers each broken request, and closes.
	 * @return whether it does
	 */
	public static boolean answersBrokenRequests() {
		return ServerUnderTest.plug().answersBrokenRequests();
	}

	/**
	 * Return whether a server may leave a connection open that it accepts just when it
	 * stops.
	 * @return whether it may
	 */
	public static boolean forgetsConnectionsWhenItStops() {
		return ServerUnderTest.plug().forgetsConnectionsWhenItStops();
	}

	/**
	 * Return whether a server reads HTTP/1.1 while it writes, and so may see that its
	 * peer leaves in the middle of a response.
	 * @return whether it does
	 */
	public static boolean readsWhileWriting() {
		return ServerUnderTest.plug().readsWhileWriting();
	}

	/**
	 * Return whether it is known of streams of HTTP/2 that their peer left in the middle.
	 * @return whether it is
	 */
	public static boolean knowsStreams() {
		return ServerUnderTest.plug().knowsStreams();
	}

	/**
	 * Return whether a server closes an idle connection of HTTP/2 when its peer says
	 * GOAWAY.
	 * @return whether it does
	 */
	public static boolean closesAfterGoAway() {
		return ServerUnderTest.plug().closesAfterGoAway();
	}

	/**
	 * Return how many threads of ours wait for the peers of a connector.
	 * @return the number
	 */
	public static int waitingThreads() {
		return ServerUnderTest.plug().waitingThreads();
	}

	/**
	 * Connect, and have the server be the first to close the connection.
	 * @return the peer, which has read the answer and the server's FIN
	 * @throws IOException if that fails
	 */
	public TlsPeer peerAfterBye() throws IOException {
		TlsPeer peer = TlsPeer.connect(port(), "TLSv1.3");
		peer.get("/bye");
		peer.readResponse("bye");
		assertThat(peer.awaitFinOrReset()).isEqualTo(TlsPeer.End.FIN);
		return peer;
	}

	/**
	 * Return the threads that wait for peers, of all servers.
	 * @return the threads
	 */
	public static List<Thread> reactorThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().endsWith("-tls-shutdown"))
			.toList();
	}

	/**
	 * Return the embedded server.
	 * @return the server, of the kind that is under test
	 */
	public WebServer webServer() {
		return ((WebServerApplicationContext) this.context).getWebServer();
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What is served.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, TlsShutdownAutoConfiguration.class })
	@Import(Server.class)
	public static class Application {

		@Bean
		EventRecorder eventRecorder() {
			return new EventRecorder();
		}

	}

	/**
	 * Chooses the server, and how it serves.
	 */
	public static class Server implements ImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importing) {
			return Stream.of(ServerUnderTest.plug().application())
				.map((configuration) -> configuration.getName())
				.toArray(String[]::new);
		}

	}

	/**
	 * Answers as {@link TestServer} says.
	 */
	public static final class TestServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void service(HttpServletRequest request, HttpServletResponse response)
				throws IOException, ServletException {
			String path = request.getRequestURI();
			if (path.equals("/fails")) {
				UnfinishedWay.closeAndBegin(response);
				throw new ServletException("thrown by the test");
			}
			if (path.equals("/short")) {
				UnfinishedWay.declare(response);
				UnfinishedWay.closeAndBegin(response);
				return;
			}
			byte[] body = body(request.getQueryString(), path);
			if (request.getHeader("Policy") != null) {
				request.setAttribute(TlsShutdownPolicy.REQUEST_ATTRIBUTE, request.getHeader("Policy"));
			}
			if (path.equals("/read")) {
				request.getInputStream().transferTo(OutputStream.nullOutputStream());
			}
			if (!path.equals("/hello")) {
				response.setHeader("Connection", "close");
			}
			response.setStatus(path.equals("/reject") ? 413 : 200);
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
		}

		private static byte[] body(String query, String path) {
			if (query == null) {
				return path.substring(1).getBytes(StandardCharsets.US_ASCII);
			}
			byte[] body = new byte[Integer.parseInt(query.substring("size=".length()))];
			Arrays.fill(body, (byte) 'x');
			return body;
		}

	}

}
