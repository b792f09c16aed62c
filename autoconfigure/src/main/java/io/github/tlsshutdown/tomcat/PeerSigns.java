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

package io.github.tlsshutdown.tomcat;

import java.io.IOException;

import javax.net.ssl.SSLException;

import org.jspecify.annotations.Nullable;

/**
 * What was met on a connection before the server closed it.
 *
 * @param established whether the TLS handshake was completed
 * @param endOfStream whether the peer's FIN was read
 * @param refused whether it was us who found the failure, if there was one: a fatal alert
 * of ours, or an answer to what is no TLS, was sent or is to be sent
 * @param failure the error that was met while reading or writing, or {@code null}
 */
record PeerSigns(boolean established, boolean endOfStream, boolean refused, @Nullable IOException failure) {

	/**
	 * Whether TLS itself failed: a fatal alert, or a record that could not be read.
	 * @return whether the TLS connection is beyond use
	 */
	boolean tlsFailed() {
		return this.failure instanceof SSLException;
	}

}
