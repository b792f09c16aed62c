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
import java.net.SocketException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.CutResponse;
import io.github.tlsshutdown.testsupport.PolicyAssertions;
import io.github.tlsshutdown.testsupport.RefusedUpload;
import io.github.tlsshutdown.testsupport.TestServer;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.Upload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The other half of {@link ShutdownMatrixTests}: every policy, with every TLS version,
 * where something may be lost. Answers to peers that are still uploading are whole, and
 * responses that our own side cuts off are not signed.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LossMatrixTests {

	private static final Set<TlsShutdownUnread> NOT_CUT = EnumSet.of(TlsShutdownUnread.NONE, TlsShutdownUnread.DRAINED);

	private TestServer patient;

	private TestServer impatient;

	private TestServer withoutLingering;

	@BeforeAll
	void startServers() {
		this.patient = start("tls.shutdown.timeout=20s");
		this.impatient = start("tls.shutdown.timeout=500ms");
		this.withoutLingering = start("tls.shutdown.timeout=20s", "tls.shutdown.linger=false");
	}

	private static TestServer start(String... properties) {
		return TestServer.start(
				Stream.concat(Stream.of("tls.shutdown.max-discard=1MB", Upload.MAX_SWALLOW_SIZE), Stream.of(properties))
					.toArray(String[]::new));
	}

	@AfterAll
	void everyConnectionIsCountedOnceAndServersStop() {
		int connections = TlsShutdownPolicy.values().length * 2;
		this.patient.recorder().awaitTotal(connections * (Uploading.values().length - 2 + CutResponse.values().length));
		this.impatient.recorder().awaitTotal(connections);
		this.withoutLingering.recorder().awaitTotal(connections);
		for (TestServer server : List.of(this.patient, this.impatient, this.withoutLingering)) {
			server.close();
		}
	}

	static Stream<Arguments> uploads() {
		return matrix(Uploading.values());
	}

	static Stream<Arguments> cuts() {
		return matrix(CutResponse.values());
	}

	private static Stream<Arguments> matrix(Enum<?>[] behaviours) {
		return Stream.of(TlsShutdownPolicy.values())
			.flatMap((policy) -> Stream.of("TLSv1.2", "TLSv1.3")
				.flatMap((protocol) -> Stream.of(behaviours)
					.map((behaviour) -> Arguments.of(policy, protocol, behaviour))));
	}

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("uploads")
	void answerToUploadIsWhole(TlsShutdownPolicy policy, String protocol, Uploading behaviour) throws IOException {
		TestServer server = switch (behaviour) {
			case STOPS -> this.impatient;
			case GOES_ON_WITHOUT_LINGERING -> this.withoutLingering;
			default -> this.patient;
		};
		server.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(server.port(), protocol)) {
			int port = peer.localPort();
			boolean answered = behaviour != Uploading.GOES_ON_WITHOUT_LINGERING;
			try {
				behaviour.play(RefusedUpload.begin(peer, 100_000, false, answered));
			}
			catch (SocketException ex) {
				// Whoever goes on is stopped
				assertThat(behaviour.unread).isNotEqualTo(NOT_CUT);
			}
			TlsShutdownEvent event = server.recorder().awaitEvent(port);
			assertThat(event.outcome()).isIn(behaviour.outcomes(policy));
			assertThat(event.initiator()).isEqualTo(TlsShutdownInitiator.LOCAL);
			assertThat(event.policy()).isEqualTo(policy);
			assertThat(event.closeNotifySent()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			assertThat(event.truncated()).isNull();
			assertThat(event.unread()).isIn(behaviour.unread);
			if (behaviour.unread == NOT_CUT) {
				assertThat(peer.sawCloseNotify()).isEqualTo(policy != TlsShutdownPolicy.QUIET);
			}
		}
	}

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("cuts")
	void responseThatIsCutIsNotSigned(TlsShutdownPolicy policy, String protocol, CutResponse way) throws IOException {
		this.patient.usePolicy(policy);
		try (TlsPeer peer = TlsPeer.connect(this.patient.port(), protocol)) {
			peer.send(way.request());
			peer.awaitFinOrReset();
			// Whoever is uploading is waited for
			peer.sendFin();
			TlsShutdownEvent event = PolicyAssertions.assertAborted(this.patient.recorder(), peer, policy);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
			assertThat(event.truncated()).isEqualTo(TlsShutdownInitiator.LOCAL);
			assertThat(event.unread()).isIn(NOT_CUT);
		}
	}

	/**
	 * What a peer does that is sending when the server refuses what it sends.
	 */
	enum Uploading {

		SENDS_ALL(TlsShutdownOutcome.COMPLETED, NOT_CUT) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.sendRest();
				upload.readAnswer();
				upload.peer().sendCloseNotify();
			}

		},

		STOPS(TlsShutdownOutcome.TIMED_OUT, NOT_CUT) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.readAnswer();
			}

		},

		LEAVES_BY_FIN(TlsShutdownOutcome.UNCLEAN, NOT_CUT) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.readAnswer();
				upload.peer().sendFin();
			}

		},

		LEAVES_BY_RESET(TlsShutdownOutcome.RESET, NOT_CUT) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.readAnswer();
				upload.peer().reset();
			}

		},

		GOES_ON(TlsShutdownOutcome.OVERFLOW, EnumSet.of(TlsShutdownUnread.CUT)) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.sendWithoutEnd();
			}

			@Override
			Set<TlsShutdownOutcome> outcomes(TlsShutdownPolicy policy) {
				return EnumSet.of(TlsShutdownOutcome.OVERFLOW);
			}

		},

		GOES_ON_WITHOUT_LINGERING(TlsShutdownOutcome.OVERFLOW, EnumSet.of(TlsShutdownUnread.CUT)) {

			@Override
			void play(RefusedUpload upload) throws IOException {
				upload.sendWithoutEnd();
			}

		};

		private final TlsShutdownOutcome whenServerWaits;

		private final Set<TlsShutdownUnread> unread;

		Uploading(TlsShutdownOutcome whenServerWaits, Set<TlsShutdownUnread> unread) {
			this.whenServerWaits = whenServerWaits;
			this.unread = unread;
		}

		abstract void play(RefusedUpload upload) throws IOException;

		Set<TlsShutdownOutcome> outcomes(TlsShutdownPolicy policy) {
			return switch (policy) {
				// An answer that is there before the connection is closed is seen
				case UNIDIRECTIONAL -> (this.whenServerWaits == TlsShutdownOutcome.COMPLETED)
						? EnumSet.of(TlsShutdownOutcome.SENT, TlsShutdownOutcome.COMPLETED)
						: EnumSet.of(TlsShutdownOutcome.SENT);
				case BIDIRECTIONAL -> EnumSet.of(this.whenServerWaits);
				case QUIET -> EnumSet.of(TlsShutdownOutcome.QUIET);
			};
		}

	}

}
