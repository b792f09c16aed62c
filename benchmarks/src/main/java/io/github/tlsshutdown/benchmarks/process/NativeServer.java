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

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A running server that is no Java.
 */
final class NativeServer implements Server {

	private static final int START_SECONDS = 20;

	private static final int STOP_SECONDS = 10;

	private final String name;

	private final Process process;

	private final InetSocketAddress address;

	private NativeServer(String name, Process process, InetSocketAddress address) {
		this.name = name;
		this.process = process;
		this.address = address;
	}

	static NativeServer start(NativeProgram program) throws IOException {
		Path directory = Files.createDirectories(Layout.WORK.resolve(program.name().replaceAll("[^A-Za-z0-9.]+", "-")));
		InetSocketAddress address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), FreePort.find());
		Map<String, String> settings = new HashMap<>(program.settings());
		settings.put("DIRECTORY", directory.toString());
		settings.put("PORT", Integer.toString(address.getPort()));
		settings.put("CERTIFICATE", KeyStoreFile.pem().toString());
		String configuration = Files.readString(Layout.SERVERS.resolve(program.configuration()));
		for (Map.Entry<String, String> setting : settings.entrySet()) {
			configuration = configuration.replace("@" + setting.getKey() + "@", setting.getValue());
		}
		Path file = Files.writeString(directory.resolve(program.configuration()), configuration);
		List<String> command = program.command()
			.stream()
			.map((argument) -> argument.replace("@FILE@", file.toString()))
			.toList();
		File log = directory.resolve("output.log").toFile();
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log))
			.start();
		NativeServer server = new NativeServer(program.name(), process, address);
		try {
			server.awaitReady();
			return server;
		}
		catch (IOException ex) {
			server.close();
			throw new IOException(program.name() + " did not start: see " + log, ex);
		}
	}

	private void awaitReady() throws IOException {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
		while (true) {
			try {
				new Socket(this.address.getAddress(), this.address.getPort()).close();
				return;
			}
			catch (IOException ex) {
				if (!this.process.isAlive() || System.nanoTime() > deadline) {
					throw ex;
				}
				awaitEnd(50, TimeUnit.MILLISECONDS);
			}
		}
	}

	private boolean awaitEnd(long time, TimeUnit unit) {
		try {
			return this.process.waitFor(time, unit);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public InetSocketAddress address() {
		return this.address;
	}

	@Override
	public List<Long> pids() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
			.map(ProcessHandle::pid)
			.toList();
	}

	@Override
	public void close() {
		// All of them take this for: at once
		List<ProcessHandle> children = this.process.descendants().toList();
		this.process.destroy();
		if (!awaitEnd(STOP_SECONDS, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
		children.forEach(ProcessHandle::destroyForcibly);
	}

}
