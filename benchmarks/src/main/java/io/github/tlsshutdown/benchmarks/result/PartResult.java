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

package io.github.tlsshutdown.benchmarks.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that was measured in one part.
 *
 * @param part the part
 * @param quick whether the numbers are only good to see that it works
 * @param environment on what, and with what, it was measured
 * @param samples the values
 */
public record PartResult(String part, boolean quick, Map<String, String> environment, List<Sample> samples) {

	private static final JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	/**
	 * Write to a file named by the part.
	 * @param directory the directory
	 * @throws IOException if it cannot be written
	 */
	public void write(Path directory) throws IOException {
		Files.createDirectories(directory);
		Files.writeString(directory.resolve(this.part + ".json"), mapper.writeValueAsString(this) + "\n");
	}

	/**
	 * Read a file.
	 * @param file the file
	 * @return what is in it
	 * @throws IOException if it cannot be read
	 */
	public static PartResult read(Path file) throws IOException {
		return mapper.readValue(Files.readString(file), PartResult.class);
	}

}
