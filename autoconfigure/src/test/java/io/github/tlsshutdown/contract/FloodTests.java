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

package io.github.tlsshutdown.contract;

import java.io.IOException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.RecordPeer;
import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that send records of every kind without end, before the server's close_notify and
 * after it.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FloodTests {

	/** More than the server may take before it gives up. */
	private static final int MANY = 3_000;

	private TestServer server;

	@BeforeAll
	void startServer() {
		// Whatever ends before has not been ended by its time
		this.server = TestServer.start("tls.shutdown.policy=bidirectional", "tls.shutdown.timeout=60s",
				"tls.shutdown.max-wait=60s");
	}

	@AfterAll
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@EnumSource
	void recordsWithoutDataAfterOursEndTheWait(Flood flood) throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		for (String protocol : flood.protocols) {
			try (RecordPeer peer = bye(protocol)) {
				sendAll(flood, peer);
				TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
				assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
				assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
				assertThat(event.closeNotifySent()).isTrue();
				assertThat(event.discardedBytes()).isZero();
			}
			assertServes();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TLSv1.2, 1, 20000", "TLSv1.3, 1, 20000", "TLSv1.2, 16384, 200", "TLSv1.3, 16384, 200" })
	void recordsOfEverySizeAreDiscardedToTheLastByte(String protocol, int size, int count) throws IOException {
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (RecordPeer peer = bye(protocol)) {
			byte[] data = new byte[size];
			for (int i = 0; i < count; i++) {
				peer.send(data);
			}
			peer.sendCloseNotify();
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.COMPLETED);
			assertThat(event.discardedBytes()).isEqualTo((long) size * count);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void recordsWithoutDataBetweenDataEndTheWaitAsWell(String protocol) throws IOException {
		Assumptions.assumeFalse("OPENSSL".equals(System.getProperty("test.engine")), "Reads several records at once");
		usePolicy(TlsShutdownPolicy.BIDIRECTIONAL);
		try (RecordPeer peer = bye(protocol)) {
			try {
				for (int i = 0; i < MANY; i++) {
					peer.sendWarning();
					peer.send(new byte[1]);
				}
			}
			catch (IOException ex) {
				assertThat(ex).hasMessageNotContaining("timed out");
			}
			TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event.discardedBytes()).isLessThan(MANY);
		}
	}

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, SENT", "BIDIRECTIONAL, RESET", "QUIET, QUIET" })
	void floodsBeforeOursAreCountedOnceAndHarmNobody(TlsShutdownPolicy policy, TlsShutdownOutcome closedByServer)
			throws IOException {
		usePolicy(policy);
		for (Flood flood : Flood.values()) {
			for (String protocol : flood.protocols) {
				try (RecordPeer peer = RecordPeer.connect(this.server.port(), protocol)) {
					peer.get("/hello");
					sendAll(flood, peer);
					// With the starter or without, some fail, some are borne for ever,
					// and
					// A server may close connections where it cannot write all the
					// answers
					peer.reset();
					TlsShutdownEvent event = this.server.recorder().awaitEvent(peer.localPort());
					assertThat(event.outcome()).isIn(TlsShutdownOutcome.FAILED, TlsShutdownOutcome.RESET,
							closedByServer);
				}
			}
		}
		assertServes();
		assertThat(this.server.recorder().connector().getPending()).isZero();
	}

	private RecordPeer bye(String protocol) throws IOException {
		RecordPeer peer = RecordPeer.connect(this.server.port(), protocol);
		peer.get("/bye");
		peer.awaitFin();
		return peer;
	}

	private static void sendAll(Flood flood, RecordPeer peer) {
		try {
			for (int i = 0; i < MANY; i++) {
				flood.send(peer, i);
			}
		}
		catch (IOException ex) {
			// The server has had enough
			assertThat(ex).hasMessageNotContaining("timed out");
		}
	}

	private void assertServes() throws IOException {
		try (RecordPeer peer = RecordPeer.connect(this.server.port(), "TLSv1.3")) {
			peer.get("/hello");
			peer.reset();
			this.server.recorder().awaitEvent(peer.localPort());
		}
	}

	private void usePolicy(TlsShutdownPolicy policy) {
		TlsShutdownSettings settings = this.server.recorder().connector().getSettings();
		this.server.recorder().connector().setSettings(settings.withPolicy(policy));
	}

	/**
	 * What is sent again and again. None of it is application data.
	 */
	enum Flood {

		KEY_UPDATES("TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendKeyUpdate(false);
			}

		},

		KEY_UPDATES_THAT_ASK_FOR_ANSWERS("TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendKeyUpdate(true);
			}

		},

		RENEGOTIATIONS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendHandshakeBeginning(CLIENT_HELLO, 100, 100);
			}

		},

		HELLO_REQUESTS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendHandshakeBeginning(0, 0, 0);
			}

		},

		HANDSHAKE_BYTE_BY_BYTE("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				if (index == 0) {
					peer.sendHandshakeBeginning(CLIENT_HELLO, 30_000, 0);
				}
				peer.sendHandshake(new byte[1]);
			}

		},

		HANDSHAKE_TOO_LONG("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendHandshakeBeginning(CLIENT_HELLO, 0xffffff, 16_000);
			}

		},

		WARNINGS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendWarning();
			}

		},

		EMPTY_RECORDS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendEmptyRecord();
			}

		},

		CHANGE_CIPHER_SPECS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendChangeCipherSpec();
			}

		},

		CHANGE_CIPHER_SPECS_IN_THE_CLEAR("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendRaw(new byte[] { 20, 3, 3, 0, 1, 1 });
			}

		},

		OVERSIZED_HEADERS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendRaw(new byte[] { 23, 3, 3, (byte) 0xff, (byte) 0xff });
			}

		},

		NO_TLS("TLSv1.2", "TLSv1.3") {

			@Override
			void send(RecordPeer peer, int index) throws IOException {
				peer.sendRaw(new byte[] { 'G', 'E', 'T', ' ', '/', '\r', '\n' });
			}

		};

		private static final int CLIENT_HELLO = 1;

		private final String[] protocols;

		Flood(String... protocols) {
			this.protocols = protocols;
		}

		abstract void send(RecordPeer peer, int index) throws IOException;

	}

}
