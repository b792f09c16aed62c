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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownInitiator;
import io.github.tlsshutdown.TlsShutdownOutcome;
import io.github.tlsshutdown.TlsShutdownPolicy;
import io.github.tlsshutdown.TlsShutdownUnread;

/**
 * A connector as {@link TlsShutdownEndpoint} shows it.
 *
 * @since 0.1.0
 */
@JsonPropertyOrder({ "name", "port", "effective", "configured", "rules", "resolvers", "open", "pending", "since",
		"counts", "decided", "truncated", "unread" })
public final class ConnectorDescriptor {

	private static final List<String> DECIDED_BY = List.of("property", "endpoint", "request");

	private final String name;

	private final int port;

	private final SettingsDescriptor effective;

	private final SettingsDescriptor configured;

	private final List<RuleDescriptor> rules;

	private final List<ResolverDescriptor> resolvers;

	private final int open;

	private final int pending;

	private final Instant since;

	private final Map<String, Map<String, CountDescriptor>> counts = new LinkedHashMap<>();

	private final Map<String, Long> decided = new LinkedHashMap<>();

	private final CountDescriptor truncated;

	private final UnreadDescriptor unread;

	ConnectorDescriptor(RecordedConnector recorded) {
		TlsShutdownConnector connector = recorded.connector();
		this.name = connector.getName();
		this.port = connector.getPort();
		this.effective = new SettingsDescriptor(connector.getSettings());
		this.configured = new SettingsDescriptor(connector.getConfiguredSettings());
		this.rules = connector.getRules()
			.stream()
			.map((rule) -> new RuleDescriptor(rule, recorded.decisions(rule.name())))
			.toList();
		this.resolvers = connector.getResolvers()
			.stream()
			.map((resolver) -> new ResolverDescriptor(resolver, recorded.decisions(resolver)))
			.toList();
		this.open = connector.getOpen();
		this.pending = connector.getPending();
		this.since = recorded.since();
		for (TlsShutdownPolicy policy : TlsShutdownPolicy.values()) {
			if (policy == connector.getSettings().policy() || recorded.hasEndedBy(policy)) {
				this.counts.put(Values.of(policy), counts(recorded, policy));
			}
		}
		DECIDED_BY.forEach((source) -> this.decided.put(source, recorded.decisions(source)));
		this.truncated = count(recorded::truncated);
		this.unread = new UnreadDescriptor(recorded.unread(TlsShutdownUnread.DRAINED),
				recorded.unread(TlsShutdownUnread.CUT));
	}

	private static Map<String, CountDescriptor> counts(RecordedConnector recorded, TlsShutdownPolicy policy) {
		Map<String, CountDescriptor> counts = new LinkedHashMap<>();
		for (TlsShutdownOutcome outcome : TlsShutdownOutcome.values()) {
			counts.put(Values.of(outcome), count((initiator) -> recorded.count(policy, outcome, initiator)));
		}
		return counts;
	}

	private static CountDescriptor count(ToLongFunction<TlsShutdownInitiator> counts) {
		return new CountDescriptor(counts.applyAsLong(TlsShutdownInitiator.LOCAL),
				counts.applyAsLong(TlsShutdownInitiator.PEER));
	}

	/**
	 * Return the connector's name.
	 * @return the name, with the port
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Return the TCP port the connector listens on.
	 * @return the port
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Return the settings that apply now, unless a rule, a resolver or a request makes
	 * another choice.
	 * @return the settings
	 */
	public SettingsDescriptor getEffective() {
		return this.effective;
	}

	/**
	 * Return the settings that the connector started with.
	 * @return the settings
	 */
	public SettingsDescriptor getConfigured() {
		return this.configured;
	}

	/**
	 * Return the rules.
	 * @return the rules, in the order in which they are tried
	 */
	public List<RuleDescriptor> getRules() {
		return this.rules;
	}

	/**
	 * Return the resolvers.
	 * @return the resolvers, in the order in which they are called
	 */
	public List<ResolverDescriptor> getResolvers() {
		return this.resolvers;
	}

	/**
	 * Return how many connections the server has not closed yet.
	 * @return the number of connections
	 */
	public int getOpen() {
		return this.open;
	}

	/**
	 * Return how many connections wait for their peers.
	 * @return the number of connections
	 */
	public int getPending() {
		return this.pending;
	}

	/**
	 * Return when the connector was started, which is when counting began.
	 * @return the time
	 */
	public Instant getSince() {
		return this.since;
	}

	/**
	 * Return the number of connections by policy and outcome.
	 * @return the numbers by policy and then by outcome, in lower case; for the effective
	 * policy and every other that was applied
	 */
	public Map<String, Map<String, CountDescriptor>> getCounts() {
		return this.counts;
	}

	/**
	 * Return what chose the policy of the connections to which no rule and no resolver
	 * applied.
	 * @return the numbers of connections, by {@code property}, {@code endpoint} and
	 * {@code request}
	 */
	public Map<String, Long> getDecided() {
		return this.decided;
	}

	/**
	 * Return how many connections ended in the middle of a request or a response.
	 * @return the numbers of connections, by the side that cut it off
	 */
	public CountDescriptor getTruncated() {
		return this.truncated;
	}

	/**
	 * Return how many connections the server closed while their peers were sending.
	 * @return the numbers of connections, by how they were handled
	 */
	public UnreadDescriptor getUnread() {
		return this.unread;
	}

}
