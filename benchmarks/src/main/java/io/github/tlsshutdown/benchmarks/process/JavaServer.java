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

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.tlsshutdown.benchmarks.application.ReadyAnnouncer;

/**
 * The application in a JVM of its own.
 */
public final class JavaServer implements Server {

	private final String name;

	private final Process process;

	private final String[] ready;

	private JavaServer(String name, Process process, String[] ready) {
		this.name = name;
		this.process = process;
		this.ready = ready;
	}

	static JavaServer start(JavaProgram program, ServerOptions options) throws IOException {
		Files.createDirectories(Layout.WORK);
		Path log = Layout.WORK.resolve(program.name().replaceAll("[^A-Za-z0-9.]+", "-") + ".log");
		Process process = new ProcessBuilder(command(program, options))
			.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
		String line;
		while ((line = output.readLine()) != null) {
			Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
			if (line.startsWith(ReadyAnnouncer.READY)) {
				drain(output, log);
				return new JavaServer(program.name(), process, line.split(" "));
			}
		}
		process.destroyForcibly();
		throw new IOException("The server did not start: see " + log);
	}

	private static void drain(BufferedReader output, Path log) {
		Thread thread = new Thread(() -> {
			try {
				String line;
				while ((line = output.readLine()) != null) {
					Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
				}
			}
			catch (IOException ex) {
				// The server has gone
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	private static List<String> command(JavaProgram program, ServerOptions options) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-Xms" + options.heapMegabytes() + "m", "-Xmx" + options.heapMegabytes() + "m",
				"-XX:+UseSerialGC", "-XX:-UseDynamicNumberOfCompilerThreads"));
		command.addAll(options.jvm());
		command.add("-cp");
		command.add(String.join(File.pathSeparator, program.classPath()));
		command.add(program.mainClass());
		command.add("--server.ssl.key-store=file:" + KeyStoreFile.path());
		command.addAll(program.arguments());
		command.addAll(options.application());
		return command;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public InetSocketAddress address() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(this.ready[1]));
	}

	@Override
	public List<Long> pids() {
		return List.of(this.process.pid());
	}

	/**
	 * Return another server of the same process.
	 * @param name what the results call it
	 * @param port its port
	 * @return the server; closing it ends the process
	 */
	JavaServer neighbour(String name, int port) {
		String[] ready = this.ready.clone();
		ready[1] = Integer.toString(port);
		return new JavaServer(name, this.process, ready);
	}

	/**
	 * Return the time the application says it took to start.
	 * @return the time in milliseconds
	 */
	public long startedMillis() {
		return Long.parseLong(this.ready[3]);
	}

	/**
	 * Return the age of the JVM when the application was ready.
	 * @return the age in milliseconds
	 */
	public long readyMillis() {
		return Long.parseLong(this.ready[4]);
	}

	/**
	 * Return the number of classes when the application was ready.
	 * @return the number of classes
	 */
	public long readyClasses() {
		return Long.parseLong(this.ready[5]);
	}

	/**
	 * Return the processor time that the thread which starts the application had spent
	 * when the application was ready.
	 * @return the time in milliseconds
	 */
	public double readyCpuMillis() {
		return Long.parseLong(this.ready[6]) / 1_000.0;
	}

	/**
	 * Ask for what only the process itself knows.
	 * @param path what is asked for
	 * @return the answer
	 * @throws IOException if there is none
	 */
	public long ask(String path) throws IOException {
		URL url = URI.create("http://127.0.0.1:" + this.ready[2] + path).toURL();
		URLConnection connection = url.openConnection();
		// Would otherwise stay, and be one of the server's sockets
		connection.setRequestProperty("Connection", "close");
		try (InputStream answer = connection.getInputStream()) {
			return Long.parseLong(new String(answer.readAllBytes(), StandardCharsets.US_ASCII));
		}
	}

	@Override
	public void close() {
		// What a stop costs is not measured, and waiting peers would delay it
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
