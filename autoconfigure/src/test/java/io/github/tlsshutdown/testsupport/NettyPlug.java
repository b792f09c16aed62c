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
import java.security.KeyStore;
import java.security.Provider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import javax.net.ssl.KeyManagerFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
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
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.AbstractProtocolSslContextSpec;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

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
		return new Class<?>[] { Server.class, NettyRoutes.class };
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
	public List<String> idleTimeouts(Duration patience, Duration keepAlive) {
		return List.of(idleTimeout(patience), "server.netty.idle-timeout=" + keepAlive.toMillis());
	}

	@Override
	public Class<?> manyConnections() {
		return ManyConnectionsConfiguration.class;
	}

	@Override
	public List<String> manyConnectionsProperties() {
		return List.of("logging.level.reactor.netty=off", "logging.level.org.springframework.web.server.adapter=off");
	}

	@Override
	public long memoryOfItsOwn() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

	@Override
	public String connectorName() {
		return "https-netty-auto-1";
	}

	@Override
	public String answerToPlainHttp() {
		return "";
	}

	@Override
	public boolean noticesResets() {
		// Netty loses what the kernel reports while it reads
		return !isUnderTest("test.transport", NettyTransportKind.IO_URING.name());
	}

	@Override
	public boolean answersBrokenRequests() {
		// Reactor Netty forgets some that come before it knows that its response is sent
		return !isUnderTest("test.transport", NettyTransportKind.IO_URING.name())
				|| !isUnderTest("test.engine", SslProvider.OPENSSL.name());
	}

	private static boolean isUnderTest(String property, String value) {
		return value.equals(System.getProperty(property));
	}

	@Override
	public boolean readsWhileWriting() {
		return true;
	}

	@Override
	public boolean knowsStreams() {
		return true;
	}

	@Override
	public boolean closesAfterGoAway() {
		return false;
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
		NettyServerCustomizer countingCustomizer(ObjectProvider<AcceptedConnections> accepted) {
			return (server) -> server.doOnChannelInit((observer, channel, address) -> {
				count(channel);
				accepted
					.ifAvailable((connections) -> connections.accepted((InetSocketAddress) channel.remoteAddress()));
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ManyConnectionsConfiguration {

		@Bean
		NettyServerCustomizer sendBufferCustomizer() {
			return (server) -> server.childOption(ChannelOption.SO_SNDBUF, ManyConnections.SEND_BUFFER);
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
