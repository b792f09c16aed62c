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

import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.ProtocolHandler;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.io.support.SpringFactoriesLoader;

import io.github.tlsshutdown.tomcat.TlsShutdownHttp11NioProtocol;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TlsShutdownRuntimeHints}.
 */
class TlsShutdownRuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	TlsShutdownRuntimeHintsTests() {
		new TlsShutdownRuntimeHints().registerHints(this.hints, getClass().getClassLoader());
	}

	@Test
	void hintsAreFoundWhenAnApplicationIsCompiled() {
		assertThat(SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
			.load(RuntimeHintsRegistrar.class)).hasAtLeastOneElementOfType(TlsShutdownRuntimeHints.class);
	}

	@Test
	void noHintsForWhatIsAbsent() {
		RuntimeHints none = new RuntimeHints();
		new TlsShutdownRuntimeHints().registerHints(none, new FilteredClassLoader(Tomcat.class, Endpoint.class));
		assertThat(none.reflection().typeHints()).isEmpty();
	}

	@Test
	void protocolCanBeCreatedByItsName() throws Exception {
		assertThat(ProtocolHandler.create(TlsShutdownHttp11NioProtocol.class.getName()))
			.isInstanceOf(TlsShutdownHttp11NioProtocol.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(TlsShutdownHttp11NioProtocol.class.getConstructor())).accepts(this.hints);
	}

	@Test
	void propertiesOfProtocolCanBeSetByTheirNames() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(TlsShutdownHttp11NioProtocol.class)
			.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(this.hints);
	}

	@Test
	void propertiesOfEndpointCanBeSetByTheirNames() throws Exception {
		Class<?> endpoint = Class.forName("io.github.tlsshutdown.tomcat.TlsShutdownNioEndpoint");
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(endpoint)
			.withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS)).accepts(this.hints);
	}

}
