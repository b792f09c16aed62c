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

package io.github.tlsshutdown.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Reports which server version to use instead of an unsupported one. Runs before Spring
 * Boot's analyzer of missing methods, which does not know.
 *
 * @param <T> the failure
 */
@Order(0)
abstract class UnsupportedServerFailureAnalyzer<T extends RuntimeException> extends AbstractFailureAnalyzer<T> {

	private final String server;

	private final String tested;

	/**
	 * Create an analyzer.
	 * @param server the server's name
	 * @param tested the tested versions
	 */
	UnsupportedServerFailureAnalyzer(String server, String tested) {
		this.server = server;
		this.tested = tested;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, T cause) {
		String version = getClass().getPackage().getImplementationVersion();
		return new FailureAnalysis(cause.getMessage(),
				"Upgrade tls-shutdown-spring-boot-starter to a version that supports this " + this.server
						+ ". This version" + ((version != null) ? " (" + version + ")" : "") + " is tested with "
						+ this.server + " " + this.tested + ". To start without the starter's policy, and let "
						+ this.server + " end TLS connections itself, set tls.shutdown.enabled=false.",
				cause);
	}

}
