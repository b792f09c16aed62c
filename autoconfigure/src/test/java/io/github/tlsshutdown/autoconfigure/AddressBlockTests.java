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

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressBlock}.
 */
class AddressBlockTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.1, false", "10.1.2.3/8, 10.9.9.9, true",
			"192.0.2.128/25, 192.0.2.129, true", "192.0.2.128/25, 192.0.2.127, false", "192.0.2.1, 192.0.2.1, true",
			"192.0.2.1, 192.0.2.2, false", "192.0.2.1/31, 192.0.2.0, true", "0.0.0.0/0, 203.0.113.9, true",
			"0.0.0.0/0, ::1, false", "::/0, ::1, true", "::/0, 10.0.0.1, false", "fd00::/8, fdff::1, true",
			"fd00::/8, fe00::1, false", "2001:db8::/33, 2001:db8:7fff::1, true",
			"2001:db8::/33, 2001:db8:8000::1, false", "::1, ::1, true", "10.0.0.0/8, ::ffff:10.0.0.1, true",
			"::ffff:10.0.0.0/104, 10.0.0.1, true", "::ffff:10.0.0.0/104, 11.0.0.1, false",
			"::ffff:10.0.0.1, 10.0.0.1, true" })
	void addressIsInBlock(String block, String address, boolean expected) throws UnknownHostException {
		assertThat(AddressBlock.parse(block).contains(InetAddress.getByName(address))).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, true", "11.0.0.0/8, false", "::ffff:10.0.0.0/104, true", "::/0, false" })
	void addressThatAServerGivesMappedIsAnIpv4Address(String block, boolean expected) throws UnknownHostException {
		byte[] mapped = new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1 };
		// Unlike InetAddress, leaves it as it is
		InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
		assertThat(address).isInstanceOf(Inet6Address.class);
		assertThat(AddressBlock.parse(block).contains(address)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "10", "10.0", "192.168/16", "127/8", "10.0.0.256", "010.0.0.1", "10.0.0.1.",
			".10.0.0.1", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "/8", "::/129", ":::", "1::2::3",
			"fe80::1%1", "fe80::1%lo", "[::1]", "::1]:443", "::ffff:10.0.0.0/95", "::ffff:256.0.0.1", "localhost",
			"cafe", "dead.beef", " 10.0.0.1", "10.0.0.1:80", "1:2:3:4:5:6:7:8:9", "*" })
	void anythingElseIsNoBlock(String value) {
		assertThat(AddressBlock.parse(value)).isNull();
	}

}
