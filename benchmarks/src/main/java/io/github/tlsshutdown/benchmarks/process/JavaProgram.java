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

package io.github.tlsshutdown.benchmarks.process;

import java.io.IOException;
import java.util.List;

/**
 * An application that runs in JVMs of its own.
 *
 * @param name what the results call it
 * @param classPath the entries of its class path
 * @param mainClass starts it
 * @param arguments what makes this program
 */
public record JavaProgram(String name, List<String> classPath, String mainClass,
		List<String> arguments) implements ServerFactory {

	public JavaProgram {
		classPath = List.copyOf(classPath);
		arguments = List.copyOf(arguments);
	}

	@Override
	public JavaServer start(ServerOptions options) throws IOException {
		return JavaServer.start(this, options);
	}

}
