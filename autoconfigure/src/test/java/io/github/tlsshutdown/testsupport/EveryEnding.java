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

package io.github.tlsshutdown.testsupport;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

/**
 * Plays every {@link PeerEnding} against a server in a process of its own. Needs nothing
 * but the JDK.
 */
public final class EveryEnding {

	private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

	private final int port;

	/** Sessions are resumed. */
	private final SSLContext context = TlsPeer.newContext();

	private EveryEnding(int port) {
		this.port = port;
	}

	/**
	 * Play.
	 * @param args the server's port; how often to play all endings, one after the other;
	 * after each time, how many more peers to have wait in silence at once, and for how
	 * many milliseconds
	 * @throws Exception if the server cannot be reached, or does not answer
	 */
	public static void main(String[] args) throws Exception {
		EveryEnding endings = new EveryEnding(Integer.parseInt(args[0]));
		int rounds = Integer.parseInt(args[1]);
		for (int round = 0; round < rounds; round++) {
			endings.play(Integer.parseInt(args[2]), Duration.ofMillis(Long.parseLong(args[3])));
		}
	}

	private void play(int crowd, Duration silence) throws IOException, InterruptedException {
		List<TlsPeer> open = new ArrayList<>();
		try {
			for (String protocol : PROTOCOLS) {
				for (PeerEnding ending : PeerEnding.values()) {
					play(ending, protocol, open);
				}
			}
			for (int i = 0; i < crowd; i++) {
				play(PeerEnding.SILENT, PROTOCOLS.get(i % PROTOCOLS.size()), open);
			}
			Thread.sleep(silence.toMillis());
		}
		finally {
			for (TlsPeer peer : open) {
				peer.close();
			}
		}
	}

	private void play(PeerEnding ending, String protocol, List<TlsPeer> open) throws IOException {
		try {
			ending.play(this.port, protocol, this.context, open);
		}
		catch (IOException ex) {
			// The server may be gone already when the peer comes to its turn
			if (!String.valueOf(ex.getMessage()).matches(".*(reset|[Bb]roken).*")) {
				throw ex;
			}
		}
	}

}
