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

package io.github.tlsshutdown.chaos;

import java.io.IOException;
import java.net.SocketException;
import java.util.stream.Stream;

import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;
import io.github.tlsshutdown.testsupport.CutResponse;
import io.github.tlsshutdown.testsupport.TlsPeer;
import io.github.tlsshutdown.testsupport.TlsPeer.End;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Asks for a response that the server cuts off, and sees FIN and no alert.
 *
 * @param way how the server comes to do so
 */
record AsksForCutResponse(CutResponse way) implements Behaviour {

	static Stream<AsksForCutResponse> all() {
		return Stream.of(CutResponse.values()).map(AsksForCutResponse::new);
	}

	@Override
	public void play(ChaosConnection connection) throws IOException {
		TlsPeer peer = connection.http1();
		if (this.way == CutResponse.ASKED_FOR) {
			connection.entry().abortRequested();
		}
		try {
			peer.send(this.way.request());
		}
		catch (SocketException ex) {
			// Does not linger, and has closed before the upload could be sent
			assertThat(isUpload() && !connection.script().lingers()).as("may be reset").isTrue();
		}
		End end = peer.awaitEnd();
		assertThat(peer.sawCloseNotify()).as("signed").isFalse();
		if (!isUpload() || connection.script().lingers()) {
			assertThat(end).isEqualTo(End.FIN);
			assertThat(peer.receivedText()).startsWith("HTTP/1.1 200");
		}
		if (end == End.FIN) {
			// Whoever is uploading is waited for
			peer.sendFin();
		}
	}

	@Override
	public Expectation expected(Script script, TlsShutdownPolicy policy) {
		Expectation expectation = Expectation.local(TlsShutdownOutcome.ABORTED);
		if (!isUpload()) {
			return expectation.unread(TlsShutdownUnread.NONE);
		}
		return script.lingers() ? expectation.unread(TlsShutdownUnread.NONE, TlsShutdownUnread.DRAINED) : expectation;
	}

	private boolean isUpload() {
		return this.way == CutResponse.HANDLER_FAILS_DURING_UPLOAD;
	}

}
