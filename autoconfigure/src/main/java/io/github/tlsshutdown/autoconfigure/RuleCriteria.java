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

import java.net.IDN;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.springframework.util.PatternMatchUtils;

import io.github.tlsshutdown.TlsShutdownConnection;

/**
 * The criteria of rules. Each method parses one value of a criterion, and throws an
 * {@link IllegalArgumentException} with the allowed values if no connection can match it.
 */
final class RuleCriteria {

	private static final List<String> PROTOCOLS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");

	/** The protocol if none was negotiated. */
	private static final String HTTP_1_1 = "http/1.1";

	private static final List<String> APPLICATION_PROTOCOLS = List.of("h2", HTTP_1_1);

	/**
	 * A label of a host name (RFC 1035 section 2.3.1, and what is in use), with
	 * asterisks.
	 */
	private static final Pattern LABEL = Pattern.compile("[a-z0-9_*](?:[a-z0-9_*-]{0,61}[a-z0-9_*])?");

	private static final Pattern NUMBERS = Pattern.compile("[0-9.]+");

	private static final int LONGEST_NAME = 253;

	private RuleCriteria() {
	}

	static Predicate<TlsShutdownConnection> remoteAddress(String value) {
		AddressBlock block = AddressBlock.parse(value);
		if (block == null) {
			throw new IllegalArgumentException("must be an IP address, or a block such as 10.0.0.0/8 or fd00::/8");
		}
		return (connection) -> {
			InetSocketAddress remote = connection.getRemoteAddress();
			return remote != null && block.contains(remote.getAddress());
		};
	}

	static Predicate<TlsShutdownConnection> serverName(String value) {
		String pattern = toAscii(value);
		// Clients ask for names only, without a dot at the end (RFC 6066 section 3)
		require(pattern.length() <= LONGEST_NAME && !NUMBERS.matcher(pattern).matches()
				&& Arrays.stream(pattern.split("\\.", -1)).allMatch((label) -> LABEL.matcher(label).matches()),
				"must be a host name such as www.example.com or *.example.com, without scheme, port and path");
		return (connection) -> {
			String serverName = connection.getServerName();
			return serverName != null && PatternMatchUtils.simpleMatch(pattern, serverName.toLowerCase(Locale.ROOT));
		};
	}

	// Clients send internationalized names in their ASCII form (RFC 6066 section 3)
	private static String toAscii(String value) {
		return Arrays.stream(value.split("\\.", -1))
			.map((label) -> label.contains("*") ? label : labelToAscii(label))
			.collect(Collectors.joining("."))
			.toLowerCase(Locale.ROOT);
	}

	private static String labelToAscii(String label) {
		try {
			return IDN.toASCII(label, IDN.ALLOW_UNASSIGNED);
		}
		catch (IllegalArgumentException ex) {
			// Rejected later, like any other invalid label
			return "";
		}
	}

	static Predicate<TlsShutdownConnection> protocol(String value) {
		require(PROTOCOLS.stream().anyMatch(value::equalsIgnoreCase), "must be one of " + String.join(", ", PROTOCOLS));
		return (connection) -> value.equalsIgnoreCase(connection.getProtocol());
	}

	static Predicate<TlsShutdownConnection> applicationProtocol(String value) {
		require(APPLICATION_PROTOCOLS.contains(value), "must be one of " + String.join(", ", APPLICATION_PROTOCOLS));
		return (connection) -> {
			String protocol = connection.getApplicationProtocol();
			return value.equals((protocol != null) ? protocol : HTTP_1_1);
		};
	}

	static Predicate<TlsShutdownConnection> localPort(Integer value) {
		require(value >= 1 && value <= 65535, "must be at least 1 and at most 65535");
		return (connection) -> value == connection.getLocalPort();
	}

	private static void require(boolean valid, String allowed) {
		if (!valid) {
			throw new IllegalArgumentException(allowed);
		}
	}

}
