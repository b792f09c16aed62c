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

package io.github.tlsshutdown.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The result of a change by {@link TlsShutdownEndpoint}.
 *
 * @since 0.1.0
 */
public final class ChangedConnectorsDescriptor implements OperationResponseBody {

	private final List<ConnectorDescriptor> connectors;

	ChangedConnectorsDescriptor(List<ConnectorDescriptor> connectors) {
		this.connectors = connectors;
	}

	/**
	 * Return the connectors that were changed.
	 * @return the connectors, after the change
	 */
	public List<ConnectorDescriptor> getConnectors() {
		return this.connectors;
	}

}
