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

package io.github.tlsshutdown.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The engine, and what waits on sockets, need no server: they compile with the
 * vocabulary, the JDK, its nullness annotations and commons-logging alone.
 */
class EngineAloneTests {

	private static final Path SOURCES = Path.of("src/main/java/io/github/tlsshutdown");

	@Test
	void engineCompilesWithoutAnyServer(@TempDir Path target) throws IOException {
		List<Path> sources = new ArrayList<>(sourcesIn(SOURCES));
		sources.addAll(sourcesIn(SOURCES.resolve("engine")));
		assertThat(compile(sources, target)).isEmpty();
	}

	@Test
	void nioCompilesWithTheEngineAlone(@TempDir Path target) throws IOException {
		List<Path> sources = new ArrayList<>(sourcesIn(SOURCES));
		sources.addAll(sourcesIn(SOURCES.resolve("engine")));
		sources.addAll(sourcesIn(SOURCES.resolve("nio")));
		assertThat(compile(sources, target)).isEmpty();
	}

	@Test
	void adapterDoesNotCompileSo(@TempDir Path target) throws IOException {
		List<Path> sources = new ArrayList<>(sourcesIn(SOURCES));
		for (String directory : List.of("engine", "nio", "tomcat")) {
			sources.addAll(sourcesIn(SOURCES.resolve(directory)));
		}
		assertThat(compile(sources, target)).isNotEmpty();
	}

	private static List<Path> sourcesIn(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.filter((file) -> file.toString().endsWith(".java")).toList();
		}
	}

	private static List<String> compile(List<Path> sources, Path target) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		String classPath = Pattern.compile(File.pathSeparator)
			.splitAsStream(System.getProperty("java.class.path"))
			.filter((path) -> Path.of(path).getFileName().toString().matches("(jspecify|commons-logging)-.*\\.jar"))
			.collect(Collectors.joining(File.pathSeparator));
		try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
			compiler
				.getTask(null, files, diagnostics,
						List.of("-proc:none", "-classpath", classPath, "-d", target.toString()), null,
						files.getJavaFileObjectsFromPaths(sources))
				.call();
		}
		return diagnostics.getDiagnostics()
			.stream()
			.filter((diagnostic) -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
			.map(Object::toString)
			.toList();
	}

}
