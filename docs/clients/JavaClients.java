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
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Scanner;

import io.netty.buffer.Unpooled;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.resources.ConnectionProvider;

/**
 * Requests with Java's clients, in one process. Reads lines such as
 * {@code apache bye https://127.0.0.1:8443}: the client, then hello, bye or reject, then
 * the URL; see run.sh. Prints a line for each answer, and the status in the end.
 */
public final class JavaClients {

	private static final byte[] UPLOAD = new byte[8_000_000];

	private JavaClients() {
	}

	public static void main(String[] args) {
		Scanner commands = new Scanner(System.in);
		while (commands.hasNext()) {
			String client = commands.next();
			String scenario = commands.next();
			System.out.println("status " + run(client, scenario, commands.next()));
		}
		// Not all of them let the process end by itself
		System.exit(0);
	}

	private static int run(String name, String scenario, String url) {
		try (Client client = client(name)) {
			switch (scenario) {
				case "hello" -> {
					System.out.println(client.send(URI.create(url + "/hello"), null));
					System.out.println(client.send(URI.create(url + "/hello"), null));
				}
				case "bye" -> System.out.println(client.send(URI.create(url + "/bye"), null));
				default -> System.out.println(client.send(URI.create(url + "/reject?size=100000"), UPLOAD));
			}
			return 0;
		}
		catch (Exception ex) {
			System.err.println((ex.getCause() != null) ? ex + ": " + ex.getCause() : ex);
			return 1;
		}
	}

	private static Client client(String name) {
		return switch (name) {
			case "jdk-http1" -> new JdkClient(HttpClient.Version.HTTP_1_1);
			case "jdk-http2" -> new JdkClient(HttpClient.Version.HTTP_2);
			case "urlconnection" -> new UrlConnection();
			case "apache" -> new Apache();
			case "okhttp-http1" -> new OkHttp(List.of(Protocol.HTTP_1_1));
			case "okhttp-http2" -> new OkHttp(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
			case "netty-http1" -> new ReactorNetty(HttpProtocol.HTTP11);
			case "netty-http2" -> new ReactorNetty(HttpProtocol.H2);
			default -> throw new IllegalArgumentException(name);
		};
	}

	/** What came back, once all of it was there. */
	private record Answer(int status, int length) {

		@Override
		public String toString() {
			return this.status + " " + this.length;
		}

	}

	private interface Client extends AutoCloseable {

		/**
		 * Send a request.
		 * @param uri where to
		 * @param upload the body to post; {@code null} to get
		 */
		Answer send(URI uri, byte[] upload) throws Exception;

		@Override
		default void close() throws IOException {
		}

	}

	/**
	 * Java 17 has no way to close it. It closes connections of HTTP/1.1 that have been
	 * idle, and those of HTTP/2 when nobody refers to it.
	 */
	private static final class JdkClient implements Client {

		private HttpClient client;

		JdkClient(HttpClient.Version version) {
			this.client = HttpClient.newBuilder().version(version).build();
		}

		@Override
		public Answer send(URI uri, byte[] upload) throws Exception {
			HttpRequest.Builder request = HttpRequest.newBuilder(uri);
			if (upload != null) {
				request.POST(HttpRequest.BodyPublishers.ofByteArray(upload));
			}
			HttpResponse<byte[]> response = this.client.send(request.build(),
					HttpResponse.BodyHandlers.ofByteArray());
			return new Answer(response.statusCode(), response.body().length);
		}

		@Override
		public void close() {
			this.client = null;
			System.gc();
		}

	}

	private static final class UrlConnection implements Client {

		private HttpURLConnection last;

		@Override
		public Answer send(URI uri, byte[] upload) throws IOException {
			HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
			this.last = connection;
			if (upload != null) {
				connection.setDoOutput(true);
				connection.setFixedLengthStreamingMode(upload.length);
				try (OutputStream body = connection.getOutputStream()) {
					body.write(upload);
				}
			}
			int status = connection.getResponseCode();
			try (InputStream body = (status < 400) ? connection.getInputStream() : connection.getErrorStream()) {
				return new Answer(status, body.readAllBytes().length);
			}
		}

		@Override
		public void close() {
			if (this.last != null) {
				this.last.disconnect();
			}
		}

	}

	private static final class Apache implements Client {

		private final CloseableHttpClient client = HttpClients.createSystem();

		@Override
		public Answer send(URI uri, byte[] upload) throws IOException {
			HttpUriRequestBase request = (upload != null) ? new HttpPost(uri) : new HttpGet(uri);
			if (upload != null) {
				request.setEntity(new ByteArrayEntity(upload, ContentType.APPLICATION_OCTET_STREAM));
			}
			return this.client.execute(request,
					(response) -> new Answer(response.getCode(), EntityUtils.toByteArray(response.getEntity()).length));
		}

		@Override
		public void close() throws IOException {
			this.client.close();
		}

	}

	private static final class OkHttp implements Client {

		private final OkHttpClient client;

		OkHttp(List<Protocol> protocols) {
			this.client = new OkHttpClient.Builder().protocols(protocols).build();
		}

		@Override
		public Answer send(URI uri, byte[] upload) throws IOException {
			Request.Builder request = new Request.Builder().url(uri.toString());
			if (upload != null) {
				request.post(RequestBody.create(upload));
			}
			try (okhttp3.Response response = this.client.newCall(request.build()).execute()) {
				return new Answer(response.code(), response.body().bytes().length);
			}
		}

		@Override
		public void close() {
			this.client.dispatcher().executorService().shutdown();
			this.client.connectionPool().evictAll();
		}

	}

	private static final class ReactorNetty implements Client {

		private final ConnectionProvider connections = ConnectionProvider.create("clients", 1);

		private final reactor.netty.http.client.HttpClient client;

		ReactorNetty(HttpProtocol protocol) {
			this.client = reactor.netty.http.client.HttpClient.create(this.connections).protocol(protocol).secure();
		}

		@Override
		public Answer send(URI uri, byte[] upload) {
			reactor.netty.http.client.HttpClient.ResponseReceiver<?> request = (upload != null)
					? this.client.post().uri(uri).send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(upload)))
					: this.client.get().uri(uri);
			return request
				.responseSingle((response, body) -> body.asByteArray()
					.map((bytes) -> new Answer(response.status().code(), bytes.length)))
				.block();
		}

		@Override
		public void close() {
			this.connections.disposeLater().block();
		}

	}

}
