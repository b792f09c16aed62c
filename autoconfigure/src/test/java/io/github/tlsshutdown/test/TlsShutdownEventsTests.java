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

package io.github.tlsshutdown.test;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TlsShutdownEvents}.
 */
@Timeout(60)
class TlsShutdownEventsTests {

	private final TlsShutdownEvents events = new TlsShutdownEvents(Duration.ofSeconds(50));

	private final TlsShutdownEvent first = event(TlsShutdownOutcome.SENT, 1);

	private final TlsShutdownEvent second = event(TlsShutdownOutcome.RESET, 2);

	@Test
	void nextIsEachEventOnce() {
		this.events.onShutdown(this.first);
		this.events.onShutdown(this.second);
		assertThat(this.events.awaitNext()).isSameAs(this.first);
		assertThat(this.events.awaitNext()).isSameAs(this.second);
		assertThat(this.events.all()).containsExactly(this.first, this.second);
	}

	@Test
	void eventThatComesLaterIsWaitedFor() {
		CompletableFuture.runAsync(() -> this.events.onShutdown(this.first),
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		assertThat(this.events.awaitNext()).isSameAs(this.first);
	}

	@Test
	void eventsThatWereForgottenDoNotCount() {
		this.events.onShutdown(this.first);
		this.events.clear();
		this.events.onShutdown(this.second);
		assertThat(this.events.await(1)).containsExactly(this.second);
		assertThat(this.events.awaitNext()).isSameAs(this.second);
	}

	@Test
	void eventIsFoundByItsClientOrACondition() {
		this.events.onShutdown(this.first);
		this.events.onShutdown(this.second);
		assertThat(this.events.awaitFrom(new InetSocketAddress("localhost", 1))).isSameAs(this.first);
		assertThat(this.events.await((event) -> event.outcome() == TlsShutdownOutcome.RESET)).isSameAs(this.second);
	}

	@Test
	void eventThatNeverComesFailsTheTest() {
		TlsShutdownEvents impatient = new TlsShutdownEvents(Duration.ofMillis(20));
		impatient.onShutdown(this.first);
		assertThat(impatient.awaitNext()).isSameAs(this.first);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(impatient::awaitNext)
			.withMessageStartingWith("Timed out after 20ms waiting for one more connection to end. Events so far: ")
			.withMessageContaining("outcome=SENT");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> impatient.await(2))
			.withMessageContaining("2 connections to end");
	}

	private static TlsShutdownEvent event(TlsShutdownOutcome outcome, int port) {
		return TlsShutdownEvent.builder("https", TlsShutdownPolicy.UNIDIRECTIONAL, outcome)
			.remoteAddress(new InetSocketAddress("127.0.0.1", port))
			.build();
	}

}
