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
import java.util.Map;

/**
 * A server that is no Java, as installed on this machine, with a configuration of ours.
 *
 * @param name what the results call it
 * @param command starts it in the foreground; its configuration is <code>@FILE@</code>
 * @param configuration the template of the configuration
 * @param settings what stands in the place of further names in the template
 */
public record NativeProgram(String name, List<String> command, String configuration,
		Map<String, String> settings) implements ServerFactory {

	public NativeProgram {
		command = List.copyOf(command);
		settings = Map.copyOf(settings);
	}

	@Override
	public Server start(ServerOptions options) throws IOException {
		return NativeServer.start(this);
	}

}
