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

package io.github.tlsshutdown;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link TlsShutdownEvent}.
 */
class TlsShutdownEventTests {

	private static final InetSocketAddress PEER = new InetSocketAddress(InetAddress.getLoopbackAddress(), 50000);

	@Test
	void whatIsNotSetHasDefaults() {
		TlsShutdownEvent event = TlsShutdownEvent
			.builder("https-8443", TlsShutdownPolicy.QUIET, TlsShutdownOutcome.RESET)
			.build();
		assertThat(event.connector()).isEqualTo("https-8443");
		assertThat(event.policy()).isEqualTo(TlsShutdownPolicy.QUIET);
		assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.RESET);
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
		assertThat(event.protocol()).isEqualTo(TlsShutdownEvent.UNKNOWN_PROTOCOL);
		assertThat(event.remoteAddress()).isNull();
		assertThat(event.duration()).isZero();
		assertThat(event.closeNotifySent()).isFalse();
		assertThat(event.closeNotifyReceived()).isFalse();
		assertThat(event.discardedBytes()).isZero();
	}

	@Test
	void whatIsSetIsTold() {
		TlsShutdownEvent event = full().build();
		assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.PEER);
		assertThat(event.protocol()).isEqualTo("TLSv1.3");
		assertThat(event.remoteAddress()).isEqualTo(PEER);
		assertThat(event.duration()).isEqualTo(Duration.ofMillis(5));
		assertThat(event.closeNotifySent()).isTrue();
		assertThat(event.closeNotifyReceived()).isTrue();
		assertThat(event.discardedBytes()).isEqualTo(42);
		assertThat(event).hasToString("TlsShutdownEvent[connector=https-8443, policy=QUIET, decidedBy=request,"
				+ " outcome=RESET, initiator=PEER, protocol=TLSv1.3, cipherSuite=TLS_AES_128_GCM_SHA256,"
				+ " applicationProtocol=h2, serverName=www.example.com, remoteAddress=127.0.0.1:50000,"
				+ " duration=PT0.005S, closeNotifySent=true, closeNotifyReceived=true, discardedBytes=42,"
				+ " truncated=PEER, unread=DRAINED, noHandshakeReason=null]");
	}

	@Test
	void addressIsTextWithoutAName() throws UnknownHostException {
		assertThat(full().build().remoteHostAndPort()).isEqualTo("127.0.0.1:50000");
		assertThat(full().remoteAddress(new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 443))
			.build()
			.remoteHostAndPort()).isEqualTo("[2001:db8:0:0:0:0:0:1]:443");
		assertThat(full().remoteAddress(null).build().remoteHostAndPort()).isNull();
		assertThat(full().remoteAddress(InetSocketAddress.createUnresolved("a.example.com", 443))
			.build()
			.remoteHostAndPort()).isNull();
	}

	@Test
	void reasonBelongsToConnectionsWithoutHandshake() {
		assertThat(full().noHandshakeReason(TlsShutdownNoHandshakeReason.PLAIN_HTTP).build().noHandshakeReason())
			.isNull();
		TlsShutdownEventBuilder builder = TlsShutdownEvent.builder("https-8443", TlsShutdownPolicy.QUIET,
				TlsShutdownOutcome.NO_HANDSHAKE);
		assertThat(builder.build().noHandshakeReason()).isEqualTo(TlsShutdownNoHandshakeReason.OTHER);
		assertThat(builder.noHandshakeReason(TlsShutdownNoHandshakeReason.PLAIN_HTTP).build().noHandshakeReason())
			.isEqualTo(TlsShutdownNoHandshakeReason.PLAIN_HTTP);
	}

	@Test
	void equalsComparesEverything() {
		TlsShutdownEvent event = full().build();
		assertThat(event).isEqualTo(full().build()).hasSameHashCodeAs(full().build());
		assertThat(Stream.of(full().initiator(TlsShutdownInitiator.LOCAL), full().protocol("TLSv1.2"),
				full().remoteAddress(null), full().duration(Duration.ZERO), full().closeNotifySent(false),
				full().closeNotifyReceived(false), full().discardedBytes(0)))
			.allSatisfy((other) -> assertThat(other.build()).isNotEqualTo(event));
	}

	@Test
	void nullsAreRefused() {
		assertThatNullPointerException()
			.isThrownBy(() -> TlsShutdownEvent.builder(null, TlsShutdownPolicy.QUIET, TlsShutdownOutcome.RESET))
			.withMessageContaining("connector");
		assertThatNullPointerException().isThrownBy(() -> full().initiator(null)).withMessageContaining("initiator");
		assertThatNullPointerException().isThrownBy(() -> full().protocol(null)).withMessageContaining("protocol");
		assertThatNullPointerException().isThrownBy(() -> full().duration(null)).withMessageContaining("duration");
	}

	private static TlsShutdownEventBuilder full() {
		return TlsShutdownEvent.builder("https-8443", TlsShutdownPolicy.QUIET, TlsShutdownOutcome.RESET)
			.initiator(TlsShutdownInitiator.PEER)
			.protocol("TLSv1.3")
			.remoteAddress(PEER)
			.duration(Duration.ofMillis(5))
			.closeNotifySent(true)
			.closeNotifyReceived(true)
			.discardedBytes(42)
			.decidedBy("request")
			.cipherSuite("TLS_AES_128_GCM_SHA256")
			.applicationProtocol("h2")
			.serverName("www.example.com")
			.truncated(TlsShutdownInitiator.PEER)
			.unread(TlsShutdownUnread.DRAINED);
	}

}
