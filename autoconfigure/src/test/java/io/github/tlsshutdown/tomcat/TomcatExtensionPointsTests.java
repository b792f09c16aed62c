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

package io.github.tlsshutdown.tomcat;

import java.lang.invoke.MethodType;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.apache.catalina.util.ServerInfo;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.testsupport.DoctoredTomcat;
import io.github.tlsshutdown.tomcat.ExtensionPoint.Use;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What is looked for in Tomcat is what is used of it, and is missed if it is not there.
 */
class TomcatExtensionPointsTests {

	private static final String INTERNALS = "org.apache.tomcat.util.net";

	/**
	 * Processors of requests. Which of their members are meant for all is said by their
	 * access.
	 */
	private static final String PROCESSORS = "org.apache.coyote";

	private static final Set<JavaModifier> NEVER_OVERRIDE = Set.of(JavaModifier.PRIVATE, JavaModifier.STATIC,
			JavaModifier.SYNTHETIC);

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(TomcatExtensionPoints.class.getPackageName());

	@Test
	void tomcatOfThisBuildHasEverything() {
		assertThatNoException().isThrownBy(TomcatExtensionPoints::lookForAll);
	}

	@Test
	void whatIsUsedIsLookedFor() {
		Set<String> used = classes.stream()
			.flatMap((type) -> Stream.concat(accessed(type), overridden(type)))
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(TomcatExtensionPoints.all()).extracting(TomcatExtensionPointsTests::describe)
			.doesNotHaveDuplicates()
			.containsExactlyInAnyOrderElementsOf(used);
	}

	@Test
	void whatIsOverriddenIsLookedForAsSuch() {
		Set<String> overridden = classes.stream()
			.flatMap(TomcatExtensionPointsTests::overridden)
			.collect(Collectors.toSet());
		assertThat(TomcatExtensionPoints.all().stream().filter((point) -> point.use() == Use.OVERRIDE))
			.extracting(TomcatExtensionPointsTests::describe)
			.containsExactlyInAnyOrderElementsOf(overridden);
	}

	@ParameterizedTest
	@MethodSource
	void memberThatIsMissingIsNamed(ExtensionPoint point, @TempDir Path directory) throws Exception {
		DoctoredTomcat tomcat = new DoctoredTomcat(directory).rename(point.owner(), point.name(), descriptor(point));
		assertThat(failure(tomcat))
			.isEqualTo("tls.shutdown.* cannot be applied to " + ServerInfo.getServerInfo() + ": it has no " + point);
	}

	static List<ExtensionPoint> memberThatIsMissingIsNamed() {
		return TomcatExtensionPoints.all();
	}

	@Test
	void allMembersThatAreMissingAreNamed(@TempDir Path directory) throws Exception {
		DoctoredTomcat tomcat = new DoctoredTomcat(directory)
			.rename(NioEndpoint.class, "stopInternal", MethodType.methodType(void.class).toMethodDescriptorString())
			.rename(SecureNioChannel.class, "closing", "Z");
		assertThat(failure(tomcat)).endsWith("it has no NioEndpoint.stopInternal(), no SecureNioChannel.closing");
	}

	@ParameterizedTest
	@ValueSource(classes = { NioEndpoint.class, SecureNioChannel.class })
	void classThatCannotBeExtendedIsNamed(Class<?> type, @TempDir Path directory) throws Exception {
		assertThat(failure(new DoctoredTomcat(directory).makeFinal(type))).contains("cannot inherit from final class")
			.contains(type.getSimpleName());
	}

	private static String failure(DoctoredTomcat tomcat) throws Exception {
		try (URLClassLoader loader = tomcat.classLoader()) {
			return loader.loadClass(Requirement.class.getName()).getConstructor().newInstance().toString();
		}
	}

	private static Stream<String> accessed(JavaClass type) {
		return type.getAccessesFromSelf()
			.stream()
			.map((access) -> access.getTarget().resolveMember())
			.flatMap(Optional::stream)
			.filter((member) -> !(member instanceof JavaConstructor))
			.filter((member) -> member.getOwner().getPackageName().equals(INTERNALS)
					|| (isOfProcessors(member.getOwner()) && member.getModifiers().contains(JavaModifier.PROTECTED)))
			.map((member) -> describe(member.getOwner().getName(), member.getName(), member.getDescriptor()));
	}

	private static Stream<String> overridden(JavaClass type) {
		return type.getMethods()
			.stream()
			.filter((method) -> Collections.disjoint(method.getModifiers(), NEVER_OVERRIDE))
			.flatMap((method) -> type.getAllRawSuperclasses()
				.stream()
				.filter((superclass) -> superclass.getPackageName().equals(INTERNALS) || isOfProcessors(superclass))
				.map((superclass) -> superclass.tryGetMethod(method.getName(), parameters(method)))
				.flatMap(Optional::stream)
				.limit(1))
			.map((method) -> describe(method.getOwner().getName(), method.getName(), method.getDescriptor()));
	}

	private static boolean isOfProcessors(JavaClass type) {
		return type.getPackageName().startsWith(PROCESSORS);
	}

	private static String[] parameters(JavaMethod method) {
		return method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
	}

	private static String describe(ExtensionPoint point) {
		Class<?> owner = point.owner();
		while (Stream.of(members(owner)).noneMatch((member) -> member.equals(point.name() + descriptor(point)))) {
			owner = owner.getSuperclass();
		}
		return describe(owner.getName(), point.name(), descriptor(point));
	}

	private static String[] members(Class<?> type) {
		return Stream.concat(
				Stream.of(type.getDeclaredFields())
					.map((field) -> field.getName() + field.getType().descriptorString()),
				Stream.of(type.getDeclaredMethods())
					.map((method) -> method.getName()
							+ MethodType.methodType(method.getReturnType(), method.getParameterTypes())
								.toMethodDescriptorString()))
			.toArray(String[]::new);
	}

	private static String descriptor(ExtensionPoint point) {
		return point.isField() ? point.type().descriptorString()
				: MethodType.methodType(point.type(), point.parameters()).toMethodDescriptorString();
	}

	private static String describe(String owner, String name, String descriptor) {
		return owner + "." + name + descriptor;
	}

	/**
	 * Runs with other classes than this test.
	 */
	public static final class Requirement {

		@Override
		public String toString() {
			try {
				TomcatExtensionPoints.lookForAll();
				return "none";
			}
			catch (UnsupportedTomcatException ex) {
				return ex.getMessage();
			}
		}

	}

}
