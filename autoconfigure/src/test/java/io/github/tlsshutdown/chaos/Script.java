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

import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownPolicy;

/**
 * What one connection is to be. The same seed and number always make the same script.
 *
 * @param seed the run's seed
 * @param number the connection's number in the run
 * @param behaviour what its peer does
 * @param protocol the TLS version
 * @param resumed whether a session is to be resumed, if there is one
 * @param requests how many requests are answered before anything happens, where any are
 * @param requestedPolicy what the first of these requests says of the connection's end
 * @param ruledPolicy what the rule for the peer's address says of it, which does not
 * linger
 */
record Script(long seed, long number, Behaviour behaviour, String protocol, boolean resumed, int requests,
		@Nullable TlsShutdownPolicy requestedPolicy, @Nullable TlsShutdownPolicy ruledPolicy) {

	boolean lingers() {
		return this.ruledPolicy == null;
	}

	@Override
	public String toString() {
		return "connection " + this.number + " of -Dchaos.seed=" + this.seed + " [" + this.behaviour + ", "
				+ this.protocol + ", " + (this.resumed ? "resumed" : "full") + " handshake, " + this.requests
				+ " requests before, policy requested: " + this.requestedPolicy + ", by rule: " + this.ruledPolicy
				+ "], which -Dchaos.script=" + this.number + " plays alone";
	}

}
