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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.TimeValue;

/**
 * The clients that run on the JVM, by name. Each has a pool of its own.
 */
final class Clients {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final Trust trust;

	private final Map<String, Supplier<Client>> all = new LinkedHashMap<>();

	private Clients(Trust trust) {
		this.trust = trust;
	}

	static Map<String, Supplier<Client>> all(Trust trust) {
		Clients clients = new Clients(trust);
		for (HttpClient.Version version : HttpClient.Version.values()) {
			String name = "JDK HttpClient, " + ((version == HttpClient.Version.HTTP_2) ? "HTTP/2" : "HTTP/1.1");
			clients.all.put(name + ", GET", () -> clients.jdk(version, "GET"));
			clients.all.put(name + ", POST", () -> clients.jdk(version, "POST"));
		}
		clients.all.put("Apache HttpClient", () -> clients.apache(true, false));
		clients.all.put("Apache HttpClient, no retries", () -> clients.apache(false, false));
		clients.all.put("Apache HttpClient, no retries, checks before reuse", () -> clients.apache(false, true));
		clients.all.put("OkHttp", () -> clients.okHttp(true));
		clients.all.put("OkHttp, no retries", () -> clients.okHttp(false));
		return clients.all;
	}

	/**
	 * Send a request over HTTP/1.1 on a connection of its own.
	 */
	static void sendOnce(Trust trust, String url) throws IOException, InterruptedException {
		new Clients(trust).jdk(HttpClient.Version.HTTP_1_1, "GET").send(url);
	}

	private Client jdk(HttpClient.Version version, String method) {
		HttpClient client = HttpClient.newBuilder().version(version).sslContext(this.trust.context()).build();
		return (url) -> {
			HttpRequest request = HttpRequest.newBuilder(URI.create(url))
				.timeout(LIMIT)
				.method(method, method.equals("GET") ? HttpRequest.BodyPublishers.noBody()
						: HttpRequest.BodyPublishers.ofString("hello"))
				.build();
			HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
			check(response.statusCode(), response.body());
		};
	}

	private Client apache(boolean retries, boolean checks) {
		ConnectionConfig.Builder connections = ConnectionConfig.custom()
			.setSocketTimeout((int) LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		if (checks) {
			connections.setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS);
		}
		HttpClientBuilder builder = HttpClients.custom()
			.setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
				.setTlsSocketStrategy(new DefaultClientTlsStrategy(this.trust.context()))
				.setDefaultConnectionConfig(connections.build())
				.build());
		CloseableHttpClient client = (retries ? builder : builder.disableAutomaticRetries()).build();
		return (url) -> client.execute(new HttpGet(url),
				(response) -> check(response.getCode(), EntityUtils.toString(response.getEntity())));
	}

	private Client okHttp(boolean retries) {
		OkHttpClient client = new OkHttpClient.Builder()
			.sslSocketFactory(this.trust.context().getSocketFactory(), this.trust.manager())
			.protocols(List.of(okhttp3.Protocol.HTTP_1_1))
			.retryOnConnectionFailure(retries)
			.build();
		return (url) -> {
			try (okhttp3.Response response = client.newCall(new Request.Builder().url(url).build()).execute()) {
				check(response.code(), response.body().string());
			}
		};
	}

	// Returns a value, as Apache's response handlers do
	private static boolean check(int status, String body) throws IOException {
		if (status != 200 || !body.equals("hello")) {
			throw new IOException("Status " + status + ", " + body.length() + " characters");
		}
		return true;
	}

	/**
	 * A client with its pool.
	 */
	interface Client {

		void send(String url) throws IOException, InterruptedException;

	}

}
