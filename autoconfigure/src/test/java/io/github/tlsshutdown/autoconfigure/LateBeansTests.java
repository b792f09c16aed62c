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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerMapping;

import io.github.tlsshutdown.TlsShutdownListener;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.testsupport.FullApplication;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners and resolvers that depend on beans which need the running server.
 */
class LateBeansTests {

	@ParameterizedTest
	@ValueSource(classes = { ListenerOfMvc.class, ResolverOfMvc.class })
	void beanThatNeedsWebMvcDoesNotStopTheStart(Class<?> configuration) throws IOException {
		try (TestServer server = TestServer.start(new Class<?>[] { FullApplication.class, configuration },
				FullApplication.PATH_PROPERTY)) {
			server.peerAfterBye().close();
			server.recorder().awaitTotal(1);
			assertThat(server.context().getBean("called", boolean[].class)).containsExactly(true);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerOfMvc extends Called {

		@Bean
		TlsShutdownListener listener(HandlerMapping resourceHandlerMapping, boolean[] called) {
			return (event) -> called[0] = true;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ResolverOfMvc extends Called {

		@Bean
		TlsShutdownPolicyResolver resolver(HandlerMapping resourceHandlerMapping, boolean[] called) {
			return (connection) -> {
				called[0] = true;
				return TlsShutdownPolicy.UNIDIRECTIONAL;
			};
		}

	}

	static class Called {

		@Bean
		boolean[] called() {
			return new boolean[1];
		}

	}

}
