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

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * An IP address or a block of them (RFC 4632, RFC 4291 section 2.3). Literals only: names
 * are never looked up.
 */
final class AddressBlock {

	private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

	private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";

	/** Only a rough check: the JDK parses the address. */
	private static final String IPV6 = "[0-9a-fA-F]*:[0-9a-fA-F.:]*";

	private static final Pattern BLOCK = Pattern.compile("(?:(" + IPV4 + ")|(" + IPV6 + "))(?:/(\\d{1,3}))?");

	/** The prefix of an IPv4 address that is mapped into an IPv6 address. */
	private static final byte[] MAPPING = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1 };

	private final byte[] address;

	private final int prefixLength;

	private AddressBlock(byte[] address, int prefixLength) {
		this.address = address;
		this.prefixLength = prefixLength;
	}

	/**
	 * Read a block.
	 * @param value an address, or an address and the length of its prefix
	 * @return the block, or {@code null} if the value is not a block
	 */
	static @Nullable AddressBlock parse(String value) {
		Matcher matcher = BLOCK.matcher(value);
		if (!matcher.matches()) {
			return null;
		}
		boolean ipv6 = matcher.group(2) != null;
		byte[] address = addressOf(ipv6 ? "[" + matcher.group(2) + "]" : matcher.group(1));
		if (address == null) {
			return null;
		}
		int length = address.length * Byte.SIZE;
		int prefixLength = length;
		if (matcher.group(3) != null) {
			boolean mapped = ipv6 && address.length == 4;
			prefixLength = Integer.parseInt(matcher.group(3)) - (mapped ? MAPPING.length * Byte.SIZE : 0);
		}
		return (prefixLength >= 0 && prefixLength <= length) ? new AddressBlock(address, prefixLength) : null;
	}

	private static byte @Nullable [] addressOf(String literal) {
		try {
			return InetAddress.getByName(literal).getAddress();
		}
		catch (UnknownHostException ex) {
			return null;
		}
	}

	/**
	 * Return whether an address is in this block.
	 * @param candidate the address; one that is mapped into IPv6 counts as an IPv4
	 * address
	 * @return whether it is
	 */
	boolean contains(InetAddress candidate) {
		byte[] other = unmapped(candidate.getAddress());
		if (other.length != this.address.length) {
			return false;
		}
		int whole = this.prefixLength / Byte.SIZE;
		for (int i = 0; i < whole; i++) {
			if (other[i] != this.address[i]) {
				return false;
			}
		}
		int rest = this.prefixLength % Byte.SIZE;
		return rest == 0 || ((other[whole] ^ this.address[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
	}

	// The JDK does this with most addresses, but not with all that a server can create
	private static byte[] unmapped(byte[] address) {
		boolean mapped = address.length > MAPPING.length
				&& Arrays.equals(address, 0, MAPPING.length, MAPPING, 0, MAPPING.length);
		return mapped ? Arrays.copyOfRange(address, MAPPING.length, address.length) : address;
	}

}
