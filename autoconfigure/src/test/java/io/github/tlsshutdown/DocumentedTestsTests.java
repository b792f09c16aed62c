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

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

import io.github.tlsshutdown.testsupport.Documentation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page on security says is proven by a test is proven by one that exists.
 */
class DocumentedTestsTests {

	@Test
	void testsThatThePageOnSecurityNamesExist() throws IOException {
		Set<String> tests = new TreeSet<>();
		new ClassFileImporter().importPackages(getClass().getPackageName())
			.stream()
			.flatMap((type) -> type.getMethods().stream())
			.filter(DocumentedTestsTests::isTest)
			.forEach((method) -> tests.add(method.getOwner().getSimpleName() + "." + method.getName()));
		assertThat(Documentation.testsNamed("security.md")).hasSizeGreaterThan(20).isSubsetOf(tests);
	}

	private static boolean isTest(JavaMethod method) {
		return method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class);
	}

}
