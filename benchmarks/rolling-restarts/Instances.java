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

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two instances of an application, with HAProxy in front of them.
 */
final class Instances implements AutoCloseable {

	private final Path directory;

	private final List<String> command;

	private final int[] ports = { freePort(), freePort() };

	private final int balancerPort = freePort();

	private final Process[] instances = new Process[2];

	private Process balancer;

	Instances(Path directory, String server, String classPath, boolean starter, Trust trust) throws IOException {
		this.directory = directory;
		this.command = List.of("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", "-cp", classPath,
				server.equals("reactor-netty") ? "ReactiveInstance" : "ServletInstance", "--server.address=127.0.0.1",
				"--server.http2.enabled=true", "--server.ssl.key-store=" + trust.keyStore(),
				"--server.ssl.key-store-password=" + Trust.PASSWORD, "--tls.shutdown.enabled=" + starter,
				"--spring.main.banner-mode=off", "--server.port=");
	}

	void start() throws IOException, InterruptedException {
		for (int i = 0; i < 2; i++) {
			this.instances[i] = launch(this.ports[i]);
		}
		this.balancer = launchBalancer();
		for (int i = 0; i < 2; i++) {
			awaitStart(i);
		}
		while (!listens(this.balancerPort)) {
			Thread.sleep(20);
		}
	}

	List<String> balancedUrls() {
		return List.of(url(this.balancerPort));
	}

	List<String> urls() {
		return List.of(url(this.ports[0]), url(this.ports[1]));
	}

	void stop(int index) throws InterruptedException {
		this.instances[index].destroy();
		this.instances[index].waitFor();
	}

	void startAgain(int index) throws IOException, InterruptedException {
		this.instances[index] = launch(this.ports[index]);
		awaitStart(index);
	}

	private Process launch(int port) throws IOException {
		List<String> complete = new ArrayList<>(this.command);
		complete.add(complete.remove(complete.size() - 1) + port);
		return new ProcessBuilder(complete).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log(port).toFile()))
			.start();
	}

	private void awaitStart(int index) throws IOException, InterruptedException {
		while (!listens(this.ports[index])) {
			if (!this.instances[index].isAlive()) {
				throw new IOException(Files.readString(log(this.ports[index])));
			}
			Thread.sleep(20);
		}
	}

	private Path log(int port) {
		return this.directory.resolve(port + ".log");
	}

	private Process launchBalancer() throws IOException {
		Path configuration = this.directory.resolve("haproxy.cfg");
		Files.writeString(configuration, """
				defaults
				  mode tcp
				  timeout connect 1s
				  timeout client 1m
				  timeout server 1m
				  retries 3
				  option redispatch 1
				frontend clients
				  bind 127.0.0.1:%d
				  default_backend instances
				backend instances
				  balance roundrobin
				  default-server check inter 200ms fall 1 rise 1
				  server one 127.0.0.1:%d
				  server two 127.0.0.1:%d
				""".formatted(this.balancerPort, this.ports[0], this.ports[1]));
		return new ProcessBuilder("haproxy", "-db", "-f", configuration.toString()).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("haproxy.log").toFile())
			.start();
	}

	@Override
	public void close() throws InterruptedException {
		kill(this.balancer);
		kill(this.instances[0]);
		kill(this.instances[1]);
	}

	private static void kill(Process process) throws InterruptedException {
		if (process != null) {
			process.destroyForcibly().waitFor();
		}
	}

	private static String url(int port) {
		return "https://localhost:" + port;
	}

	private static boolean listens(int port) {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
