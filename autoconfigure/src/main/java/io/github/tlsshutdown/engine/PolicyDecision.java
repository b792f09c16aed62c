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

package io.github.tlsshutdown.engine;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownPolicyResolver;
import io.github.tlsshutdown.TlsShutdownRule;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * Decides how a single connection ends. The first of these that makes a choice takes
 * precedence: the connection's last request with the attribute
 * {@link TlsShutdownPolicy#REQUEST_ATTRIBUTE}, the resolvers, the rules, and finally the
 * connector's settings, which can be changed at run time.
 */
final class PolicyDecision {

	private static final Log logger = LogFactory.getLog(PolicyDecision.class);

	private final OccasionalLog failures = new OccasionalLog(logger);

	private final List<NamedResolver> resolvers;

	private final List<TlsShutdownRule> rules;

	/**
	 * Create a decision.
	 * @param resolvers called in order
	 * @param rules tried in order
	 */
	PolicyDecision(List<NamedResolver> resolvers, List<TlsShutdownRule> rules) {
		this.resolvers = List.copyOf(resolvers);
		this.rules = List.copyOf(rules);
	}

	List<TlsShutdownRule> rules() {
		return this.rules;
	}

	List<String> resolvers() {
		return this.resolvers.stream().map(NamedResolver::name).toList();
	}

	/**
	 * Decide how a connection ends.
	 * @param connection the connection
	 * @param requested what its requests have asked for, if anything
	 * @param otherwise what applies if nothing else makes a choice
	 * @return the decision
	 */
	Decision decide(TlsShutdownConnection connection, @Nullable RequestedEnd requested, Decision otherwise) {
		TlsShutdownPolicy policy = (requested != null) ? requested.policy() : null;
		if (policy != null) {
			return otherwise.withPolicy(policy, Decision.BY_REQUEST);
		}
		for (NamedResolver resolver : this.resolvers) {
			policy = resolve(resolver.resolver(), connection);
			if (policy != null) {
				return otherwise.withPolicy(policy, resolver.name());
			}
		}
		for (TlsShutdownRule rule : this.rules) {
			if (isMet(rule, connection)) {
				return new Decision(rule.apply(otherwise.settings()), rule.name());
			}
		}
		return otherwise;
	}

	private boolean isMet(TlsShutdownRule rule, TlsShutdownConnection connection) {
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			return rule.condition().test(connection);
		}
		catch (Throwable ex) {
			this.failures.warn("The condition of a TlsShutdownRule failed; the rule does not match.", ex);
			return false;
		}
		finally {
			InterruptStatus.restore(interrupted);
		}
	}

	private @Nullable TlsShutdownPolicy resolve(TlsShutdownPolicyResolver resolver, TlsShutdownConnection connection) {
		boolean interrupted = Thread.currentThread().isInterrupted();
		try {
			return resolver.resolve(connection);
		}
		catch (Throwable ex) {
			this.failures.warn("TlsShutdownPolicyResolver " + resolver.getClass().getName()
					+ " failed; it makes no choice for this connection. Please fix it.", ex);
			return null;
		}
		finally {
			InterruptStatus.restore(interrupted);
		}
	}

	/**
	 * Describe how connections end.
	 * @param settings what applies if nothing else makes a choice
	 * @return a part of a sentence
	 */
	String describe(TlsShutdownSettings settings) {
		return "policy " + settings.policy().name().toLowerCase(Locale.ROOT) + " (timeout "
				+ describe(settings.timeout()) + ", max-wait " + describe(settings.maxWait())
				+ (settings.linger() ? ", linger, " : ", no linger, ") + count(this.rules.size(), "rule") + ", "
				+ count(this.resolvers.size(), "resolver") + ")";
	}

	// 1m30s rather than PT1M30S
	private static String describe(Duration duration) {
		return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
	}

	private static String count(int number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

}
