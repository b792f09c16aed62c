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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When listeners and resolvers are made: after the server, so that they may depend on
 * what depends on it, and before its first connection.
 */
class LateBeansTests {

	private static final AtomicReference<@Nullable Thread> madeBy = new AtomicReference<>();

	@BeforeEach
	void reset() {
		madeBy.set(null);
	}

	@Test
	void listenerThatNeedsWebMvcIsTold() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class, MvcListener.class },
				FullApplication.PATH_PROPERTY); TlsPeer peer = server.peerAfterBye()) {
			RecordingListener listener = server.context().getBean(RecordingListener.class);
			TlsShutdownConnector connector = Objects.requireNonNull(listener.started.get());
			assertThat(connector.getPort()).isEqualTo(server.port());
			TlsShutdownEvent event = server.recorder().awaitEvent(peer.localPort());
			assertThat(listener.told.get()).isSameAs(event);
		}
	}

	@Test
	void resolverThatNeedsWebMvcIsAsked() throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class, MvcResolver.class },
				FullApplication.PATH_PROPERTY); TlsPeer peer = server.peerAfterBye()) {
			assertThat(server.recorder().awaitEvent(peer.localPort()).policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		}
	}

	@Test
	void resolverThatIsLazyIsMadeBeforeTheFirstConnection() {
		try (TestServer server = TestServer.start(new Class<?>[] { LazyResolver.class })) {
			assertThat(server.port()).isPositive();
			assertThat(madeBy.get()).isSameAs(Thread.currentThread());
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class MvcListener {

		@Bean
		RecordingListener mvcListener(@Qualifier("resourceHandlerMapping") HandlerMapping resources,
				@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping requests,
				ServletContext servletContext) {
			assertThat(servletContext.getServerInfo()).contains("Tomcat");
			return new RecordingListener();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MvcResolver {

		@Bean
		TlsShutdownPolicyResolver mvcResolver(@Qualifier("resourceHandlerMapping") HandlerMapping resources) {
			return (connection) -> TlsShutdownPolicy.QUIET;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyResolver {

		@Bean
		@Lazy
		TlsShutdownPolicyResolver lazyResolver() {
			madeBy.set(Thread.currentThread());
			return (connection) -> null;
		}

	}

	static class RecordingListener implements TlsShutdownListener {

		private final AtomicReference<@Nullable TlsShutdownConnector> started = new AtomicReference<>();

		private final AtomicReference<@Nullable TlsShutdownEvent> told = new AtomicReference<>();

		@Override
		public void onConnectorStarted(TlsShutdownConnector connector) {
			this.started.set(connector);
		}

		@Override
		public void onShutdown(TlsShutdownEvent event) {
			this.told.set(event);
		}

	}

}
