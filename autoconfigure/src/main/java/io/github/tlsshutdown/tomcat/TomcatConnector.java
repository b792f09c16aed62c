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

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.NioConnector;

/**
 * What the connections of one of Tomcat's connectors share.
 */
final class TomcatConnector extends NioConnector {

	private volatile RequestPolicies requests = new RequestPolicies();

	void configure(ConnectorSetup setup, RequestPolicies requests) {
		configure(setup);
		this.requests = requests;
	}

	/**
	 * Return what requests have asked for.
	 * @return what is remembered of requests
	 */
	RequestPolicies requests() {
		return this.requests;
	}

}
