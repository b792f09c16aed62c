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

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link ConnectionEnds}.
 */
class ConnectionEndsTests {

	private static final Duration LONG = Duration.ofMinutes(1);

	private final ConnectionEnds ends = new ConnectionEnds();

	@Test
	void fromReturnsLastEndsOfAddressAndNoOthers() throws Exception {
		this.ends.onShutdown(event(client("192.0.2.1", 1)));
		this.ends.onShutdown(event(client("192.0.2.2", 1)));
		this.ends.onShutdown(event(client("192.0.2.1", 2)));
		this.ends.onShutdown(event(client("192.0.2.1", 3)));
		this.ends.onShutdown(event(null));
		assertThat(this.ends.from(InetAddress.getByName("192.0.2.1"), 2))
			.extracting((end) -> end.event().remoteAddress(), ConnectionEnds.End::number)
			.containsExactly(tuple(client("192.0.2.1", 3), 4L), tuple(client("192.0.2.1", 2), 3L));
	}

	@Test
	void fromWhenThereWereManyEndsForgetsTheFirst() throws Exception {
		for (int i = 0; i < 2 * ConnectionEnds.REMEMBERED; i++) {
			this.ends.onShutdown(event(client("192.0.2.1", 1)));
		}
		assertThat(this.ends.from(InetAddress.getByName("192.0.2.1"), Integer.MAX_VALUE))
			.hasSize(ConnectionEnds.REMEMBERED)
			.first()
			.extracting(ConnectionEnds.End::number)
			.isEqualTo(2L * ConnectionEnds.REMEMBERED);
	}

	@Test
	void expectIsToldOfEndWhichIsNotRemembered() throws Exception {
		CompletableFuture<TlsShutdownEvent> expected = this.ends.expect(client("192.0.2.1", 1), LONG);
		TlsShutdownEvent other = event(client("192.0.2.1", 2));
		this.ends.onShutdown(other);
		assertThat(expected).isNotDone();
		TlsShutdownEvent event = event(client("192.0.2.1", 1));
		this.ends.onShutdown(event);
		assertThat(expected.get(20, TimeUnit.SECONDS)).isSameAs(event);
		assertThat(this.ends.from(InetAddress.getByName("192.0.2.1"), 2)).extracting(ConnectionEnds.End::event)
			.containsExactly(other);
	}

	@Test
	void expectWhenTimeIsOverFailsAndLetsEndBeRemembered() throws Exception {
		CompletableFuture<TlsShutdownEvent> expected = this.ends.expect(client("192.0.2.1", 1), Duration.ofMillis(1));
		assertThat(expected).failsWithin(LONG);
		this.ends.onShutdown(event(client("192.0.2.1", 1)));
		assertThat(this.ends.from(InetAddress.getByName("192.0.2.1"), 1)).hasSize(1);
	}

	private static InetSocketAddress client(String address, int port) throws UnknownHostException {
		return new InetSocketAddress(InetAddress.getByName(address), port);
	}

	private static TlsShutdownEvent event(@Nullable InetSocketAddress client) {
		return TlsShutdownEvent
			.builder("https-jsse-nio-8443", TlsShutdownPolicy.BIDIRECTIONAL, TlsShutdownOutcome.COMPLETED)
			.remoteAddress(client)
			.build();
	}

}
