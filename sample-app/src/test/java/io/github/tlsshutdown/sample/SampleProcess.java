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

package io.github.tlsshutdown.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged sample application in a process of its own, on a free port.
 */
final class SampleProcess implements AutoCloseable {

	private static final Duration LIMIT = Duration.ofSeconds(180);

	private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+) \\(https\\)");

	private final Path directory;

	private final Path log;

	private final Process process;

	private SSLContext trust;

	private SampleProcess(Path directory, Path log, Process process) {
		this.directory = directory;
		this.log = log;
		this.process = process;
	}

	/**
	 * Start the application and wait until it accepts connections.
	 * @param name name of its log file
	 * @param directory its working directory
	 * @param arguments its arguments
	 * @return the process, to be closed
	 * @throws IOException if it cannot be started
	 */
	static SampleProcess start(String name, Path directory, String... arguments) throws IOException {
		return start(name, directory, List.of(), arguments);
	}

	/**
	 * Start the application and wait until it accepts connections.
	 * @param name name of its log file
	 * @param directory its working directory
	 * @param options options of the Java runtime
	 * @param arguments its arguments
	 * @return the process, to be closed
	 * @throws IOException if it cannot be started
	 */
	static SampleProcess start(String name, Path directory, List<String> options, String... arguments)
			throws IOException {
		Path log = Files.createDirectories(Path.of(System.getProperty("sample.logs"))).resolve(name + ".log");
		// The quick compiler only: the application starts sooner
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
		command.addAll(options);
		command.addAll(List.of("-jar", System.getProperty("sample.jar"), "--server.port=0"));
		command.addAll(List.of(arguments));
		SampleProcess started = new SampleProcess(directory, log,
				new ProcessBuilder(command).directory(directory.toFile())
					.redirectErrorStream(true)
					.redirectOutput(log.toFile())
					.start());
		try {
			await().atMost(LIMIT)
				.failFast(() -> assertThat(started.process.isAlive()).as(started::log).isTrue())
				.until(() -> STARTED.matcher(started.log()).find());
			return started;
		}
		catch (RuntimeException | Error ex) {
			started.close();
			throw ex;
		}
	}

	/**
	 * Return the port of the application.
	 * @return the port
	 */
	int port() {
		Matcher matcher = STARTED.matcher(log());
		assertThat(matcher.find()).isTrue();
		return Integer.parseInt(matcher.group(1));
	}

	/**
	 * Return the key store the application has made, or found.
	 * @return the file
	 */
	Path keyStore() {
		return this.directory.resolve("development.p12");
	}

	/**
	 * Return what a client needs to trust the application's certificate and no other.
	 * @return the context, the same for all clients
	 * @throws IOException if the application has no certificate
	 */
	SSLContext trust() throws IOException {
		if (this.trust == null) {
			this.trust = createTrust();
		}
		return this.trust;
	}

	private SSLContext createTrust() throws IOException {
		try (InputStream content = Files.newInputStream(keyStore())) {
			KeyStore server = KeyStore.getInstance("PKCS12");
			server.load(content, DevelopmentCertificate.PASSWORD.toCharArray());
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("server", server.getCertificate(DevelopmentCertificate.ALIAS));
			TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
			trustManagers.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trustManagers.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IOException(ex);
		}
	}

	/**
	 * Connect to the application, trusting its certificate and no other.
	 * @param protocol the TLS version
	 * @return the client, to be closed
	 * @throws IOException if the connection fails
	 */
	TlsClient connect(String protocol) throws IOException {
		return TlsClient.handshake(new Socket(InetAddress.getLoopbackAddress(), port()), trust(), protocol);
	}

	/**
	 * Send SIGTERM.
	 */
	void terminate() {
		assertThat(this.process.supportsNormalTermination()).isTrue();
		this.process.destroy();
	}

	/**
	 * Wait for the end of the process.
	 * @param limit how long it may take
	 * @return the exit code
	 * @throws InterruptedException if interrupted
	 */
	int awaitExit(Duration limit) throws InterruptedException {
		assertThat(this.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
			.as("process ended within %s, having logged:%n%s", limit, log())
			.isTrue();
		return this.process.exitValue();
	}

	/**
	 * Return the outcomes of connections that the application has logged so far.
	 * @return their names
	 */
	List<String> loggedOutcomes() {
		return Pattern.compile("TLS connection of .* ended: (\\w+) ")
			.matcher(log())
			.results()
			.map((result) -> result.group(1).toUpperCase(Locale.ROOT))
			.toList();
	}

	String log() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
	}

}
