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

import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * That Reactor Netty has what this package builds on.
 */
class ReactorNettyFeaturesTests {

	@Test
	void reactorNettyOfTheTestsHasEverything() {
		assertThatNoException().isThrownBy(ReactorNettyFeatures::lookForAll);
	}

	@Test
	void everyTypeThatConnectionsAreSeenByIsLookedForAtStartUp() {
		JavaClasses adapter = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackagesOf(ReactorNettyFeatures.class);
		assertThat(typesKnownTo(adapter.get(ReactorNettyFeatures.class)))
			.containsAll(adapter.stream().flatMap((type) -> typesKnownTo(type).stream()).toList());
	}

	// What HTTP/1.1 consists of is known to every Netty
	private static Set<String> typesKnownTo(JavaClass type) {
		return type.getDirectDependenciesFromSelf()
			.stream()
			.map((dependency) -> dependency.getTargetClass().getBaseComponentType().getName())
			.filter((name) -> name
				.matches("(reactor\\.netty|io\\.netty\\.(handler\\.(ssl|codec\\.http2)|channel\\.socket))\\..*"))
			.collect(Collectors.toSet());
	}

	@Test
	void messageNamesReactorNettyAndWhatItLacks() {
		assertThat(new UnsupportedReactorNettyException("it has no SslHandler", null))
			.hasMessageMatching("tls\\.shutdown\\.\\* cannot be applied to Reactor Netty \\S+: it has no SslHandler");
	}

}
