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

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.Provider;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.timeout.WriteTimeoutHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.AbstractProtocolSslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * Reactor Netty. The properties {@code test.transport} and {@code test.engine} choose the
 * transport and the TLS engines: epoll and the JDK's unless told otherwise.
 */
public final class NettyPlug implements ServerPlug {

	private static final Map<Integer, Set<Channel>> channels = new ConcurrentHashMap<>();

	@Override
	public WebApplicationType type() {
		return WebApplicationType.REACTIVE;
	}

	@Override
	public Class<?>[] application() {
		return new Class<?>[] { Server.class, Routes.class };
	}

	@Override
	public Class<?>[] reactiveApplication() {
		return new Class<?>[] { Server.class };
	}

	@Override
	public Class<?> smallSendBuffer() {
		return SendBufferConfiguration.class;
	}

	@Override
	public Class<?> configuration(TlsProvider provider) {
		return switch (provider) {
			case JDK -> JdkConfiguration.class;
			case BOUNCY_CASTLE -> BouncyCastleConfiguration.class;
			case CONSCRYPT -> ConscryptConfiguration.class;
		};
	}

	/**
	 * Those that are still the server's.
	 */
	@Override
	public long openConnections(WebServer server) {
		return channels.getOrDefault(server.getPort(), Set.of())
			.stream()
			.filter((channel) -> channel instanceof DuplexChannel duplex && !duplex.isOutputShutdown())
			.filter((channel) -> channel.pipeline().get(SslHandler.class) != null
					|| channel.pipeline().get(AbstractSniHandler.class) != null)
			.count();
	}

	/**
	 * Reactor Netty waits without end for a client that does not read.
	 */
	@Override
	public String idleTimeout(Duration timeout) {
		return "test.write-timeout=" + timeout.toMillis();
	}

	@Override
	public String connectorName(int port) {
		return "https-netty-" + port;
	}

	@Override
	public String answerToPlainHttp() {
		return "";
	}

	@Override
	public int waitingThreads() {
		return 0;
	}

	private static NettyServerCustomizer secure(Environment environment, KeyManagerFactory keys,
			Consumer<SslContextBuilder> engines) throws Exception {
		char[] password = TestCertificate.PASSWORD.toCharArray();
		keys.init(KeyStore.getInstance(TestCertificate.keyStore().toFile(), password), password);
		boolean http2 = environment.getProperty("server.http2.enabled", Boolean.class, false);
		String[] protocols = environment.getRequiredProperty("server.ssl.enabled-protocols", String[].class);
		AbstractProtocolSslContextSpec<?> context = http2 ? Http2SslContextSpec.forServer(keys)
				: Http11SslContextSpec.forServer(keys);
		ClientAuth clientAuth = environment.getProperty("test.client-auth", Boolean.class, false) ? ClientAuth.REQUIRE
				: ClientAuth.NONE;
		context.configure((builder) -> engines.accept(builder.protocols(protocols).clientAuth(clientAuth)));
		GenericSslContextSpec<?> generic = context;
		long handshakeTimeout = environment.getProperty("test.write-timeout", Long.class, 10_000L);
		return (server) -> server.secure((spec) -> spec.sslContext(generic).handshakeTimeoutMillis(handshakeTimeout));
	}

	private static NettyServerCustomizer secure(Environment environment, TlsProvider provider) throws Exception {
		Provider security = provider.create();
		KeyManagerFactory keys = (security.getService("KeyManagerFactory", "PKIX") != null)
				? KeyManagerFactory.getInstance("PKIX", security)
				: KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		NettyServerCustomizer customizer = secure(environment, keys,
				(builder) -> builder.sslProvider(SslProvider.JDK).sslContextProvider(security));
		return (server) -> customizer.apply(server)
			.doOnChannelInit((observer, channel, address) -> provider
				.created(channel.pipeline().get(SslHandler.class).engine()));
	}

	private static void count(Channel channel) {
		if (channel.localAddress() instanceof InetSocketAddress address) {
			Set<Channel> open = channels.computeIfAbsent(address.getPort(), (key) -> ConcurrentHashMap.newKeySet());
			open.add(channel);
			channel.closeFuture().addListener((closed) -> open.remove(channel));
		}
	}

	/**
	 * The server.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(NettyReactiveWebServerAutoConfiguration.class)
	static class Server {

		/**
		 * With loops of its own, unless the application has some.
		 */
		@Bean
		ReactorResourceFactory reactorResourceFactory(Environment environment, ObjectProvider<LoopResources> shared) {
			NettyTransportKind transport = environment.getProperty("test.transport", NettyTransportKind.class,
					NettyTransportKind.EPOLL);
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setLoopResourcesSupplier(transport::loops);
			shared.ifAvailable(factory::setLoopResources);
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

		/**
		 * Reactor Netty itself takes what there is, and Spring Boot leaves that to it.
		 */
		@Bean
		@Order(0)
		NettyServerCustomizer engineCustomizer(Environment environment) throws Exception {
			if (!environment.getProperty("server.ssl.enabled", Boolean.class, true)
					|| environment.getProperty("test.engine", "").equals("default")
					|| environment.containsProperty("server.ssl.bundle")
					|| environment.containsProperty("server.ssl.client-auth")) {
				// As Spring Boot does
				return (server) -> server;
			}
			SslProvider engine = environment.getProperty("test.engine", SslProvider.class, SslProvider.JDK);
			return secure(environment, KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()),
					(builder) -> builder.sslProvider(engine));
		}

		@Bean
		NettyServerCustomizer writeTimeoutCustomizer(Environment environment) {
			long timeout = environment.getProperty("test.write-timeout", Long.class, 0L);
			return (server) -> (timeout > 0) ? server.doOnConnection(
					(connection) -> connection.addHandlerLast(new WriteTimeoutHandler(timeout, TimeUnit.MILLISECONDS)))
					: server;
		}

		@Bean
		NettyServerCustomizer countingCustomizer() {
			return (server) -> server.doOnChannelInit((observer, channel, address) -> count(channel));
		}

	}

	/**
	 * What {@link TestServer} serves.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Routes {

		@Bean
		HttpHandler httpHandler(ApplicationContext context) {
			return WebHttpHandlerBuilder.applicationContext(context).build();
		}

		@Bean
		WebHandler webHandler(ObjectProvider<RouterFunction<ServerResponse>> more) {
			RouterFunctions.Builder routes = RouterFunctions.route();
			more.forEach(routes::add);
			return RouterFunctions.toWebHandler(routes.route((request) -> true, Routes::serve).build());
		}

		private static Mono<ServerResponse> serve(ServerRequest request) {
			request.headers()
				.header("Policy")
				.forEach((policy) -> request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, policy));
			Mono<ServerResponse> answer = Mono.defer(() -> answer(request));
			return request.path().equals("/read") ? request.body((message, context) -> message.getBody())
				.doOnNext(DataBufferUtils::release)
				.then(answer) : answer;
		}

		private static Mono<ServerResponse> answer(ServerRequest request) {
			ServerResponse.BodyBuilder response = ServerResponse.status(request.path().equals("/reject") ? 413 : 200);
			if (!request.path().equals("/hello")) {
				response.header("Connection", "close");
			}
			byte[] body = request.queryParam("size")
				.map((size) -> body(Integer.parseInt(size)))
				.orElseGet(() -> request.path().substring(1).getBytes(StandardCharsets.US_ASCII));
			return response.contentLength(body.length).bodyValue(body);
		}

		private static byte[] body(int size) {
			byte[] body = new byte[size];
			Arrays.fill(body, (byte) 'x');
			return body;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JdkConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class BouncyCastleConfiguration {

		@Bean
		@Order(1)
		NettyServerCustomizer bouncyCastleCustomizer(Environment environment) throws Exception {
			return secure(environment, TlsProvider.BOUNCY_CASTLE);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConscryptConfiguration {

		@Bean
		@Order(1)
		NettyServerCustomizer conscryptCustomizer(Environment environment) throws Exception {
			return secure(environment, TlsProvider.CONSCRYPT);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SendBufferConfiguration {

		@Bean
		NettyServerCustomizer sendBufferCustomizer() {
			return (server) -> server.childOption(ChannelOption.SO_SNDBUF, 4096);
		}

	}

}
