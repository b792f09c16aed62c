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

package io.github.tlsshutdown;

import java.lang.reflect.AccessibleObject;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may depend on what, and what must not be done anywhere.
 */
class ArchitectureTests {

	private static final String VOCABULARY = "io.github.tlsshutdown";

	private static final String ENGINE = VOCABULARY + ".engine";

	private static final String NIO = VOCABULARY + ".nio";

	private static final String TOMCAT = VOCABULARY + ".tomcat";

	private static final String JETTY = VOCABULARY + ".jetty";

	private static final String NETTY = VOCABULARY + ".netty";

	private static final String METRICS = VOCABULARY + ".metrics";

	private static final String ACTUATE = VOCABULARY + ".actuate";

	private static final String TEST = VOCABULARY + ".test";

	private static final String AUTOCONFIGURE = VOCABULARY + ".autoconfigure";

	private static final String[] JDK_AND_NULLNESS = { "java..", "javax.net.ssl..", "org.jspecify.annotations" };

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(VOCABULARY);

	@Test
	void everyClassIsInAPackageThatHasRules() {
		classes().should()
			.resideInAnyPackage(VOCABULARY, ENGINE, NIO, TOMCAT, JETTY, NETTY, METRICS, ACTUATE, TEST, AUTOCONFIGURE)
			.check(classes);
	}

	@Test
	void vocabularyKnowsTheJdkOnly() {
		mayDependOn(VOCABULARY).check(classes);
	}

	@Test
	void engineKnowsNoServerAndNoSocket() {
		mayDependOn(ENGINE, VOCABULARY, "com.sun.management", "org.apache.commons.logging").check(classes);
		noClasses().that()
			.resideInAPackage(ENGINE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage("java.nio.channels..")
			.check(classes);
	}

	@Test
	void nioKnowsNoServer() {
		mayDependOn(NIO, VOCABULARY, ENGINE, "org.apache.commons.logging").check(classes);
	}

	@Test
	void nothingKnowsTheAutoConfiguration() {
		noClasses().that()
			.resideOutsideOfPackage(AUTOCONFIGURE)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(AUTOCONFIGURE)
			.check(classes);
	}

	@Test
	void tomcatKnowsTomcatAndItsModule() {
		mayDependOn(TOMCAT, VOCABULARY, ENGINE, NIO, "org.apache.catalina..", "org.apache.coyote..",
				"org.apache.tomcat..", "org.springframework.boot.tomcat", "org.springframework.boot.web.server",
				"org.springframework.core", "org.apache.commons.logging", "jakarta.servlet")
			.check(classes);
	}

	@Test
	void jettyKnowsJettyAndItsModule() {
		mayDependOn(JETTY, VOCABULARY, ENGINE, NIO, "org.eclipse.jetty..", "org.springframework.boot.jetty",
				"org.springframework.boot.web.server..", "org.springframework.context", "org.springframework.core",
				"org.apache.commons.logging")
			.check(classes);
	}

	@Test
	void nettyKnowsReactorNettyAndItsModule() {
		mayDependOn(NETTY, VOCABULARY, ENGINE, "io.netty..", "reactor.netty..", "reactor.core.publisher",
				"org.springframework.boot.reactor.netty", "org.springframework.boot.web.server..",
				"org.springframework.context", "org.springframework.core", "org.apache.commons.logging")
			.check(classes);
	}

	@Test
	void nettyDoesNotUseWhatNettyCallsUnsafe() {
		noClasses().that()
			.resideInAPackage(NETTY)
			.should()
			.dependOnClassesThat()
			.haveFullyQualifiedName("io.netty.channel.Channel$Unsafe")
			.check(classes);
	}

	@Test
	void metricsKnowMicrometer() {
		mayDependOn(METRICS, VOCABULARY, "io.micrometer.core.instrument..").check(classes);
	}

	@Test
	void actuateKnowsTheActuator() {
		mayDependOn(ACTUATE, VOCABULARY, "org.springframework.boot.actuate..", "org.springframework.boot.convert",
				"org.springframework.boot.health.contributor", "org.springframework.context",
				"com.fasterxml.jackson.annotation", "org.apache.commons.logging")
			.check(classes);
	}

	@Test
	void testSupportKnowsTheVocabularyOnly() {
		mayDependOn(TEST, VOCABULARY).check(classes);
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(Stream.of(classes.getPackage(VOCABULARY))
			.flatMap((root) -> Stream.concat(Stream.of(root), root.getSubpackagesInTree().stream()))
			.filter((javaPackage) -> !javaPackage.getClasses().isEmpty())).isNotEmpty()
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class));
	}

	@Test
	void autoConfigurationsArePublicAndFinal() {
		classes().that()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.resideInAPackage(AUTOCONFIGURE)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.check(classes);
	}

	@Test
	void autoConfigurationsHaveNoConstructorForOthers() {
		constructors().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AutoConfiguration.class)
			.should()
			.bePackagePrivate()
			.check(classes);
	}

	@Test
	void beanMethodsAreNotForOthers() {
		methods().that().areAnnotatedWith(Bean.class).should().bePackagePrivate().check(classes);
	}

	@Test
	void nothingIsMadeAccessible() {
		noClasses().should()
			.callMethodWhere(DescribedPredicate.describe("target makes accessible",
					(call) -> call.getTargetOwner().isAssignableTo(AccessibleObject.class)
							&& call.getName().matches("(trySet|set)Accessible")))
			.check(classes);
	}

	@Test
	void nothingIsPrinted() {
		GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
	}

	private static ArchRule mayDependOn(String packageName, String... others) {
		return classes().that()
			.resideInAPackage(packageName)
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage(Stream.of(Stream.of(packageName), Stream.of(JDK_AND_NULLNESS), Stream.of(others))
				.flatMap((names) -> names)
				.toArray(String[]::new));
	}

}
