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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;
import io.github.tlsshutdown.TlsShutdownListener;

/**
 * Demo only: changes {@code tls.shutdown.linger} at run time, which the actuator's
 * endpoint does not.
 */
@RestController
class LingerController implements TlsShutdownListener {

	private final List<TlsShutdownConnector> connectors = new CopyOnWriteArrayList<>();

	@Override
	public void onConnectorStarted(TlsShutdownConnector connector) {
		this.connectors.add(connector);
	}

	@Override
	public void onConnectorStopped(TlsShutdownConnector connector) {
		this.connectors.remove(connector);
	}

	@Override
	public void onShutdown(TlsShutdownEvent event) {
	}

	/**
	 * Change whether connections linger that end from now on.
	 * @param change what to change
	 * @return what applies now
	 */
	@PostMapping(path = "/demo/linger", consumes = MediaType.APPLICATION_JSON_VALUE)
	Change change(@RequestBody Change change) {
		Boolean linger = change.linger();
		if (linger == null) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "linger is missing");
		}
		this.connectors.forEach((connector) -> connector.setSettings(connector.getSettings().withLinger(linger)));
		return change;
	}

	/**
	 * A change of settings.
	 *
	 * @param linger whether to linger, or {@code null} if the request does not say so
	 */
	record Change(@Nullable Boolean linger) {
	}

}
