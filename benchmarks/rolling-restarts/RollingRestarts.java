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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;

/**
 * Two instances behind HAProxy in TCP mode are restarted one after the other, each with a
 * slow request in flight, while clients with pools send requests at a steady rate. Counts
 * the requests that fail as an application sees them. Prints one line for each server,
 * with the starter and without, and each client.
 * <p>
 * {@code java RollingRestarts DIRECTORY RESTARTS [SERVER=CLASS_PATH]...}
 */
public final class RollingRestarts {

	private static final String PASSWORD = "rolling";

	private static final int USERS = 3;

	private final Path directory;

	private final Path keyStore;

	private final SSLContext tls;

	private final X509TrustManager trust;

	private volatile boolean over;

	private RollingRestarts(Path directory) throws Exception {
		this.directory = directory;
		this.keyStore = directory.resolve("server.p12");
		run("keytool", "-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"SAN=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", this.keyStore.toString(),
				"-storepass", PASSWORD);
		KeyStore trusted = KeyStore.getInstance(this.keyStore.toFile(), PASSWORD.toCharArray());
		trusted.setCertificateEntry("trusted", trusted.getCertificate("server"));
		TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		factory.init(trusted);
		this.trust = (X509TrustManager) factory.getTrustManagers()[0];
		this.tls = SSLContext.getInstance("TLS");
		this.tls.init(null, factory.getTrustManagers(), new SecureRandom());
	}

	public static void main(String[] arguments) throws Exception {
		RollingRestarts demonstration = new RollingRestarts(Path.of(arguments[0]));
		int restarts = Integer.parseInt(arguments[1]);
		for (int i = 2; i < arguments.length; i++) {
			String server = arguments[i].substring(0, arguments[i].indexOf('='));
			String classPath = arguments[i].substring(server.length() + 1);
			for (boolean starter : new boolean[] { false, true }) {
				demonstration.play(server, classPath, starter, restarts);
			}
		}
	}

	private void play(String server, String classPath, boolean starter, int restarts) throws Exception {
		int[] ports = { freePort(), freePort() };
		int balancerPort = freePort();
		Process[] instances = { instance(server, classPath, starter, ports[0]),
				instance(server, classPath, starter, ports[1]) };
		Process balancer = balancer(balancerPort, ports);
		while (!listens(balancerPort)) {
			Thread.sleep(20);
		}
		this.over = false;
		Map<String, Callable<Boolean>> clients = clients("https://localhost:" + balancerPort + "/hello");
		Map<String, Count> counts = new LinkedHashMap<>();
		List<Thread> users = new ArrayList<>();
		Process node = null;
		Process curl = null;
		try {
			clients.forEach((name, client) -> {
				Count count = new Count();
				counts.put(name, count);
				for (int i = 0; i < USERS; i++) {
					users.add(new Thread(() -> use(client, count), name));
				}
			});
			users.forEach(Thread::start);
			node = helper("node", "node", "client.mjs", "https://localhost:" + balancerPort + "/hello");
			curl = helper("curl", "bash", "-c", "while curl -sk --rate 15/s -o /dev/null -w '%{http_code}\\n' "
					+ "'https://localhost:" + balancerPort + "/hello?[1-45]' || true; do :; done");
			Count slow = new Count();
			counts.put("slow request in flight", slow);
			Thread.sleep(1000);
			for (int i = 0; i < restarts; i++) {
				int index = i % 2;
				Thread inFlight = new Thread(() -> use(slow, ports[index]));
				inFlight.start();
				Thread.sleep(300);
				instances[index].destroy();
				instances[index].waitFor();
				inFlight.join();
				instances[index] = instance(server, classPath, starter, ports[index]);
				Thread.sleep(700);
			}
		}
		finally {
			this.over = true;
			for (Thread user : users) {
				user.join();
			}
			kill(node);
			kill(curl);
			kill(balancer);
			kill(instances[0]);
			kill(instances[1]);
		}
		counts.put("Node.js https.Agent", lines("node"));
		counts.put("curl", lines("curl"));
		counts.forEach((name, count) -> System.out
			.println("| " + server + " | " + (starter ? "yes" : "no") + " | " + name + " | " + count + " |"));
		System.out.flush();
	}

	private void use(Callable<Boolean> client, Count count) {
		while (!this.over) {
			boolean success = false;
			try {
				success = client.call();
			}
			catch (Exception ex) {
				count.failed(ex);
			}
			count.add(success);
			try {
				Thread.sleep(ThreadLocalRandom.current().nextInt(20, 180));
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	private void use(Count count, int port) {
		try {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(this.tls).build();
			HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/slow")).build();
			count.add(client.send(request, HttpResponse.BodyHandlers.ofString()).body().equals("hello"));
		}
		catch (IOException | InterruptedException ex) {
			count.add(false);
		}
	}

	private Map<String, Callable<Boolean>> clients(String url) {
		Map<String, Callable<Boolean>> clients = new LinkedHashMap<>();
		for (HttpClient.Version version : HttpClient.Version.values()) {
			HttpClient jdk = HttpClient.newBuilder().version(version).sslContext(this.tls).build();
			String name = "JDK HttpClient, " + ((version == HttpClient.Version.HTTP_2) ? "HTTP/2" : "HTTP/1.1");
			HttpRequest get = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10)).build();
			HttpRequest post = HttpRequest.newBuilder(URI.create(url))
				.timeout(Duration.ofSeconds(10))
				.POST(HttpRequest.BodyPublishers.ofString("hello"))
				.build();
			clients.put(name + ", GET", () -> ok(jdk.send(get, HttpResponse.BodyHandlers.ofString()).body()));
			clients.put(name + ", POST", () -> ok(jdk.send(post, HttpResponse.BodyHandlers.ofString()).body()));
		}
		for (boolean retry : new boolean[] { true, false }) {
			HttpClientBuilder builder = HttpClients.custom()
				.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
					.setTlsSocketStrategy(new DefaultClientTlsStrategy(this.tls))
					.setMaxConnPerRoute(USERS)
					.build());
			CloseableHttpClient apache = (retry ? builder : builder.disableAutomaticRetries()).build();
			clients.put("Apache HttpClient" + (retry ? "" : ", no retries"), () -> apache.execute(new HttpGet(url),
					(response) -> ok(new String(response.getEntity().getContent().readAllBytes()))));
			OkHttpClient okHttp = new OkHttpClient.Builder().sslSocketFactory(this.tls.getSocketFactory(), this.trust)
				.protocols(List.of(okhttp3.Protocol.HTTP_1_1))
				.retryOnConnectionFailure(retry)
				.build();
			clients.put("OkHttp" + (retry ? "" : ", no retries"), () -> {
				try (okhttp3.Response response = okHttp.newCall(new Request.Builder().url(url).build()).execute()) {
					return ok(response.body().string());
				}
			});
		}
		return clients;
	}

	private static boolean ok(String body) {
		return body.equals("hello");
	}

	private Process instance(String server, String classPath, boolean starter, int port) throws Exception {
		Path log = this.directory.resolve(server + "-" + port + ".log");
		Process process = new ProcessBuilder("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", "-cp",
				classPath, server.equals("reactor-netty") ? "ReactiveInstance" : "ServletInstance",
				"--server.port=" + port, "--server.address=127.0.0.1", "--server.http2.enabled=true",
				"--server.ssl.key-store=" + this.keyStore, "--server.ssl.key-store-password=" + PASSWORD,
				"--tls.shutdown.enabled=" + starter, "--spring.main.banner-mode=off")
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
			.start();
		while (!listens(port)) {
			if (!process.isAlive()) {
				throw new IOException(Files.readString(log));
			}
			Thread.sleep(20);
		}
		return process;
	}

	private static boolean listens(int port) {
		try (Socket socket = new Socket("127.0.0.1", port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private Process balancer(int port, int[] instances) throws IOException {
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
				""".formatted(port, instances[0], instances[1]));
		return new ProcessBuilder("haproxy", "-db", "-f", configuration.toString()).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("haproxy.log").toFile())
			.start();
	}

	private Process helper(String name, String... command) throws IOException {
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD)
			.redirectOutput(this.directory.resolve(name + ".txt").toFile())
			.start();
	}

	// Of a client that writes a status for each request
	private Count lines(String name) throws IOException {
		Count count = new Count();
		Files.readAllLines(this.directory.resolve(name + ".txt")).forEach((line) -> count.add(line.equals("200")));
		return count;
	}

	private static void kill(Process process) throws InterruptedException {
		if (process != null) {
			process.descendants().forEach(ProcessHandle::destroy);
			process.destroyForcibly().waitFor();
		}
	}

	private static void run(String... command) throws IOException, InterruptedException {
		if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
			throw new IOException(List.of(command) + " failed");
		}
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	/**
	 * How many requests of a client have failed.
	 */
	private static final class Count {

		private final AtomicInteger all = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		void add(boolean success) {
			this.all.incrementAndGet();
			if (!success) {
				this.failed.incrementAndGet();
			}
		}

		void failed(Exception ex) {
			if (Boolean.getBoolean("verbose")) {
				System.err.println(Thread.currentThread().getName() + ": " + ex);
			}
		}

		@Override
		public String toString() {
			return this.failed + " of " + this.all;
		}

	}

}
