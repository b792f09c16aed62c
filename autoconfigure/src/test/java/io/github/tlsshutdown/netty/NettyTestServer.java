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

package io.github.tlsshutdown.netty;

import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.net.ssl.KeyManagerFactory;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslProvider;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
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
import reactor.netty.tcp.AbstractProtocolSslContextSpec;

import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.autoconfigure.TlsShutdownAutoConfiguration;
import io.github.tlsshutdown.testsupport.EventRecorder;
import io.github.tlsshutdown.testsupport.TestCertificate;

/**
 * A WebFlux application on Reactor Netty with TLS on a free port, which serves what
 * {@link io.github.tlsshutdown.testsupport.TestServer} serves, and the routes a test
 * adds.
 */
final class NettyTestServer implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final EventRecorder recorder;

	private NettyTestServer(ConfigurableApplicationContext context) {
		this.context = context;
		this.recorder = context.getBean(EventRecorder.class);
	}

	/**
	 * Start a server.
	 * @param properties properties of the application; {@code test.transport} and
	 * {@code test.engine} choose the transport and the TLS engines
	 * @return the running server
	 */
	static NettyTestServer start(String... properties) {
		return start(new Class<?>[0], properties);
	}

	/**
	 * Start a server with more configuration.
	 * @param configuration configuration classes
	 * @param properties properties of the application
	 * @return the running server
	 */
	static NettyTestServer start(Class<?>[] configuration, String... properties) {
		return new NettyTestServer(new SpringApplicationBuilder(Application.class).web(WebApplicationType.REACTIVE)
			.sources(configuration)
			.properties(withDefaults(properties))
			.run());
	}

	private static Map<String, Object> withDefaults(String... properties) {
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("server.port", "0");
		all.put("server.ssl.key-store", "file:" + TestCertificate.keyStore());
		all.put("server.ssl.key-store-password", TestCertificate.PASSWORD);
		all.put("server.ssl.enabled-protocols", "TLSv1.2,TLSv1.3");
		all.put("spring.main.banner-mode", "off");
		all.put("spring.jmx.enabled", "false");
		all.put("test.transport", "EPOLL");
		all.put("test.engine", "JDK");
		for (String property : properties) {
			all.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		return all;
	}

	int port() {
		return ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	EventRecorder recorder() {
		return this.recorder;
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What is served, by what.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class,
			TlsShutdownAutoConfiguration.class })
	static class Application {

		@Bean
		EventRecorder eventRecorder() {
			return new EventRecorder();
		}

		@Bean
		ReactorResourceFactory reactorResourceFactory(Environment environment) {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory
				.setLoopResourcesSupplier(environment.getProperty("test.transport", NettyTransportKind.class)::loops);
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

		/**
		 * With OpenSSL on the class path, Reactor Netty takes that.
		 */
		@Bean
		NettyServerCustomizer engineCustomizer(Environment environment) throws Exception {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			char[] password = TestCertificate.PASSWORD.toCharArray();
			keys.init(KeyStore.getInstance(TestCertificate.keyStore().toFile(), password), password);
			boolean http2 = environment.getProperty("server.http2.enabled", Boolean.class, false);
			SslProvider provider = environment.getProperty("test.engine", SslProvider.class);
			AbstractProtocolSslContextSpec<?> context = http2 ? Http2SslContextSpec.forServer(keys)
					: Http11SslContextSpec.forServer(keys);
			context.configure((builder) -> builder.sslProvider(provider).protocols("TLSv1.2", "TLSv1.3"));
			boolean tls = environment.getProperty("server.ssl.enabled", Boolean.class, true);
			boolean own = environment.getProperty("test.own-tls", Boolean.class, true);
			return (server) -> (tls && own) ? server.secure((spec) -> spec.sslContext(context)) : server;
		}

		@Bean
		NettyServerCustomizer sendBufferCustomizer(Environment environment) {
			Integer size = environment.getProperty("test.send-buffer", Integer.class);
			return (server) -> (size != null) ? server.childOption(ChannelOption.SO_SNDBUF, size) : server;
		}

		@Bean
		HttpHandler httpHandler(ApplicationContext context) {
			return WebHttpHandlerBuilder.applicationContext(context).build();
		}

		@Bean
		WebHandler webHandler(ObjectProvider<RouterFunction<ServerResponse>> more) {
			RouterFunctions.Builder routes = RouterFunctions.route()
				.GET("/hello", (request) -> answer(request, 200, false))
				.GET("/bye", (request) -> answer(request, 200, true))
				.POST("/reject", (request) -> answer(request, 413, true))
				.POST("/read",
						(request) -> request.body((message, context) -> message.getBody())
							.doOnNext(org.springframework.core.io.buffer.DataBufferUtils::release)
							.then(Mono.defer(() -> answer(request, 200, true))));
			more.forEach(routes::add);
			return RouterFunctions.toWebHandler(routes.build());
		}

		private static Mono<ServerResponse> answer(ServerRequest request, int status, boolean close) {
			String policy = request.headers().firstHeader("Policy");
			if (policy != null) {
				request.attributes().put(TlsShutdownPolicy.REQUEST_ATTRIBUTE, policy);
			}
			ServerResponse.BodyBuilder response = ServerResponse.status(status);
			if (close) {
				response.header("Connection", "close");
			}
			byte[] body = request.queryParam("size").map((size) -> {
				byte[] bytes = new byte[Integer.parseInt(size)];
				Arrays.fill(bytes, (byte) 'x');
				return bytes;
			}).orElse(request.path().substring(1).getBytes());
			return response.contentLength(body.length).bodyValue(body);
		}

	}

}
