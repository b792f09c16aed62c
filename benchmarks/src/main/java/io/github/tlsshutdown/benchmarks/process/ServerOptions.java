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

import java.util.ArrayList;
import java.util.List;

/**
 * What a part of the benchmarks asks of every server.
 *
 * @param heapMegabytes the size of a Java heap, from start to end
 * @param jvm further options of a JVM
 * @param application further arguments of the application
 */
public record ServerOptions(int heapMegabytes, List<String> jvm, List<String> application) {

	public ServerOptions {
		jvm = List.copyOf(jvm);
		application = List.copyOf(application);
	}

	/**
	 * Return the options most parts have.
	 * @return the options
	 */
	public static ServerOptions defaults() {
		return new ServerOptions(512, List.of(), List.of());
	}

	/**
	 * Return these options with another heap.
	 * @param megabytes its size
	 * @return the options
	 */
	public ServerOptions withHeap(int megabytes) {
		return new ServerOptions(megabytes, this.jvm, this.application);
	}

	/**
	 * Return these options with more for the JVM.
	 * @param options the options to add
	 * @return the options
	 */
	public ServerOptions withJvm(String... options) {
		return new ServerOptions(this.heapMegabytes, concat(this.jvm, options), this.application);
	}

	/**
	 * Return these options with more for the application.
	 * @param arguments the arguments to add
	 * @return the options
	 */
	public ServerOptions withApplication(String... arguments) {
		return new ServerOptions(this.heapMegabytes, this.jvm, concat(this.application, arguments));
	}

	private static List<String> concat(List<String> first, String... second) {
		List<String> all = new ArrayList<>(first);
		all.addAll(List.of(second));
		return all;
	}

}
