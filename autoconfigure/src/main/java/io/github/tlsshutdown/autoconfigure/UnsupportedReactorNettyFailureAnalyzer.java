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

import io.github.tlsshutdown.netty.UnsupportedReactorNettyException;

/**
 * Says which Reactor Netty to use instead of one that lacks what is needed. Before Spring
 * Boot's analyzer of missing methods, which cannot know.
 */
@Order(0)
class UnsupportedReactorNettyFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedReactorNettyException> {

	/**
	 * The Reactor Netty that the tests have been run with.
	 */
	static final String TESTED = "1.3.7";

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedReactorNettyException cause) {
		String version = UnsupportedReactorNettyException.class.getPackage().getImplementationVersion();
		return new FailureAnalysis(cause.getMessage(),
				"Upgrade tls-shutdown-spring-boot-starter to a version that supports this Reactor Netty. This version"
						+ ((version != null) ? " (" + version + ")" : "") + " is tested with Reactor Netty " + TESTED
						+ ". To start without it, and have Reactor Netty end TLS connections in its own way, set tls.shutdown.enabled=false.",
				cause);
	}

}
