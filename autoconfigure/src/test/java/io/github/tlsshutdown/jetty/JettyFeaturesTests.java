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

package io.github.tlsshutdown.jetty;

import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * That Jetty has what this package builds on.
 */
class JettyFeaturesTests {

	private static final Set<JavaModifier> NEVER_OVERRIDE = Set.of(JavaModifier.PRIVATE, JavaModifier.STATIC,
			JavaModifier.SYNTHETIC);

	@Test
	void jettyOfTheTestsHasEverything() {
		assertThatNoException().isThrownBy(JettyFeatures::lookForAll);
	}

	@Test
	void whatIsOverriddenIsLookedFor() {
		Set<String> overridden = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages(JettyFeatures.class.getPackageName())
			.stream()
			.flatMap(JettyFeaturesTests::overridden)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(JettyFeatures.overridden()).extracting(JettyFeaturesTests::describe)
			.containsAll(overridden)
			.allMatch(overridden::contains);
	}

	private static Stream<String> overridden(JavaClass type) {
		List<JavaClass> above = Stream
			.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
			.filter((other) -> other.getPackageName().startsWith("org.eclipse.jetty"))
			.toList();
		return type.getMethods()
			.stream()
			.filter((method) -> Collections.disjoint(method.getModifiers(), NEVER_OVERRIDE))
			.filter((method) -> above.stream()
				.anyMatch((other) -> other.tryGetMethod(method.getName(), parameters(method)).isPresent()))
			.map((method) -> method.getName() + List.of(parameters(method)));
	}

	private static String[] parameters(JavaMethod method) {
		return method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
	}

	private static String describe(JettyFeatures.Feature feature) {
		return feature.name() + feature.parameters().stream().map(Class::getName).toList();
	}

	@Test
	void methodThatIsMissingOrFinalIsNotThere() {
		assertThat(new JettyFeatures.Feature(Object.class, "getClass", List.of()).isOverridable()).isFalse();
		assertThat(new JettyFeatures.Feature(Object.class, "getClass", List.of()).isCallable()).isTrue();
		assertThat(new JettyFeatures.Feature(Object.class, "getClass", List.of(int.class)).isCallable()).isFalse();
	}

	@Test
	void messageNamesJettyAndWhatItLacks() {
		assertThat(new UnsupportedJettyException("it has no SslConnection.wrap", null)).hasMessage(
				"tls.shutdown.* cannot be applied to Jetty " + Server.getVersion() + ": it has no SslConnection.wrap");
	}

}
