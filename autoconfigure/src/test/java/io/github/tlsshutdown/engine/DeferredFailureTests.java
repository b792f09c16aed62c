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

package io.github.tlsshutdown.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownSettings;
import io.github.tlsshutdown.testsupport.TlsPair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Engines that do not say at once that a record cannot be read, and forget their alert if
 * they are closed before they have said it: those of Netty over OpenSSL.
 */
class DeferredFailureTests {

	private final List<TlsShutdownEvent> events = new ArrayList<>();

	@ParameterizedTest
	@CsvSource({ "UNIDIRECTIONAL, TLSv1.2", "UNIDIRECTIONAL, TLSv1.3", "BIDIRECTIONAL, TLSv1.2",
			"BIDIRECTIONAL, TLSv1.3", "QUIET, TLSv1.2", "QUIET, TLSv1.3" })
	void brokenRecordThatIsReadAtTheCloseIsAnsweredByTheFatalAlert(TlsShutdownPolicy policy, String protocol) {
		TlsPair pair = TlsPair.of(protocol);
		byte[] record = TlsPair.encrypt(pair.client(), new byte[100]);
		record[record.length - 1] ^= 1;
		PassiveTransport transport = new PassiveTransport();
		end(transport, new DeferringEngine(pair.server()), policy, record);
		assertFailed();
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> TlsPair.decrypt(pair.client(), transport.written()))
			.withMessageContaining("fatal alert");
	}

	@ParameterizedTest
	@EnumSource(names = "QUIET", mode = EnumSource.Mode.EXCLUDE)
	void closeNotifyThatTheEngineDoesNotGiveIsNotToldOf(TlsShutdownPolicy policy) {
		PassiveTransport transport = new PassiveTransport();
		end(transport, new SilentEngine(TlsPair.of("TLSv1.3").server()), policy, new byte[0]);
		assertFailed();
		assertThat(transport.written()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "UNIDIRECTIONAL", "BIDIRECTIONAL" })
	void keysThatAreAnsweredAtTheCloseComeBeforeCloseNotify(TlsShutdownPolicy policy) throws SSLException {
		TlsPair pair = TlsPair.of("TLSv1.3");
		PassiveTransport transport = new PassiveTransport();
		end(transport, pair.server(), policy, TlsPair.renegotiate(pair.client()));
		assertThat(TlsPair.decrypt(pair.client(), transport.written()).closeNotify()).isTrue();
	}

	private void end(Transport transport, SSLEngine engine, TlsShutdownPolicy policy, byte[] unread) {
		ServerConnector connector = new ServerConnector();
		connector.configure(new ConnectorSetup(TlsShutdownSettings.DEFAULTS.withPolicy(policy), List.of(), List::of,
				() -> List.of(this.events::add)));
		connector.shutdown(transport, engine, null, null)
			.begin(BeforeClose.nothing(true), ByteBuffer.allocate(20_000).put(unread),
					ByteBuffer.allocate(20_000).flip());
	}

	private void assertFailed() {
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.outcome()).isEqualTo(TlsShutdownOutcome.FAILED);
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			assertThat(event.closeNotifySent()).isFalse();
		});
	}

	/**
	 * Fails when it has given its alert.
	 */
	private static final class DeferringEngine extends TrappedEngine {

		private @Nullable SSLException pending;

		private boolean closed;

		DeferringEngine(SSLEngine delegate) {
			super(delegate, () -> {
			});
		}

		@Override
		public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
				throws SSLException {
			int start = source.position();
			try {
				return super.unwrap(source, targets, offset, length);
			}
			catch (SSLException ex) {
				this.pending = ex;
				source.position(source.limit());
				return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, source.position() - start, 0);
			}
		}

		@Override
		public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
				throws SSLException {
			SSLException pending = this.pending;
			if (this.closed) {
				return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
			}
			if (pending != null && super.isOutboundDone()) {
				this.closed = true;
				throw pending;
			}
			return super.wrap(sources, offset, length, target);
		}

		@Override
		public void closeOutbound() {
			if (this.pending != null) {
				this.closed = true;
			}
			else {
				super.closeOutbound();
			}
		}

		@Override
		public boolean isInboundDone() {
			return (this.pending != null) ? this.closed : super.isInboundDone();
		}

		@Override
		public boolean isOutboundDone() {
			return (this.pending != null) ? this.closed : super.isOutboundDone();
		}

	}

	/**
	 * Is closed without a word.
	 */
	private static final class SilentEngine extends TrappedEngine {

		private boolean closed;

		SilentEngine(SSLEngine delegate) {
			super(delegate, () -> {
			});
		}

		@Override
		public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
			return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
		}

		@Override
		public void closeOutbound() {
			this.closed = true;
		}

		@Override
		public boolean isOutboundDone() {
			return this.closed;
		}

	}

}
