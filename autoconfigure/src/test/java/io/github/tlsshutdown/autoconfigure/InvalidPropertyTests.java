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

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.OrderUtils;

import io.github.tlsshutdown.testsupport.TestServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * A value that is not allowed stops the application, and the report says which property,
 * which value, and what is allowed.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertyTests {

	private static final String POLICY = "one of unidirectional, bidirectional, quiet";

	private static final String TIMEOUT = "a duration such as 3s, more than 0 and at most 1h";

	private static final String MAX_WAIT = "a duration such as 30s, at least as long as timeout and at most 1h";

	private static final String MAX_PENDING = "a whole number such as 10000, at least 1 and at most 2147483647";

	private static final String MAX_DISCARD = "a size such as 64MB, at least 1B";

	static Stream<Arguments> invalid() {
		return Stream
			.of(invalid("policy", POLICY, "foo", "bi", "1"),
					invalid("timeout", TIMEOUT, "0", "0s", "-3s", "-1", "61m", "3600001", "abc", "3 bananas",
							"999999999999999999999s"),
					invalid("max-wait", MAX_WAIT, "0", "-1s", "1s", "2999ms", "2h", "abc"),
					invalid("max-pending", MAX_PENDING, "0", "-1", "many", "1.5", "2147483648"),
					invalid("max-discard", MAX_DISCARD, "0B", "0", "-1B", "-64MB", "1QB", "plenty", "9999999999999TB"),
					invalid("enabled", "true or false", "perhaps", "2", ""),
					invalid("linger", "true or false", "perhaps", "2", ""),
					invalid("drain-idle", "true or false", "later"))
			.flatMap((arguments) -> arguments);
	}

	private static Stream<Arguments> invalid(String property, String allowed, String... values) {
		return Stream.of(values).map((value) -> Arguments.of("tls.shutdown." + property, value, allowed));
	}

	@ParameterizedTest(name = "{0}={1}")
	@MethodSource("invalid")
	void valueWhenInvalidStopsTheApplicationAndIsExplained(String property, String value, String allowed,
			CapturedOutput output) {
		assertThat(report(output, property + "=" + value))
			.contains("Invalid value '" + value + "' for configuration property '" + property
					+ "' (originating from '\"" + property + "\" from property source")
			.containsPattern("(must be|Set the property to) \\Q" + allowed + "\\E");
	}

	@ParameterizedTest(name = "{0}={1}")
	@CsvSource(delimiter = '|',
			textBlock = """
					[1].remote-address | 10.0.0.0/33     | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 10.0.0.0/8,oops | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | localhost       | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | cafe            | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 192.168/16      | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 127/8           | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 10.0.0.256      | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 10.0.0.01       | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 10.0.0.1:443    | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | fe80::1%eth0    | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | fd00::/129      | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | fd00:::1        | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | 10.0.0.0/       | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-adress  | 10.0.0.1        | remote-adress  | remote-address, server-name, protocol, application-protocol, local-port, policy, linger, timeout
					[1].remoteAdress[0] | 10.0.0.1       | remoteadress[0] | remote-address, server-name, protocol
					[1].application-protocol | http2     | application-protocol | must be one of h2, http/1.1
					[1].application-protocol | H2        | application-protocol | must be one of h2, http/1.1
					[1].server-name    | www.example.com:8443 | server-name | must be a host name such as www.example.com
					[1].server-name    | https://www.example.com | server-name | must be a host name such as www.example.com
					[1].server-name    | www.example.com/ | server-name   | must be a host name such as www.example.com
					[1].server-name    | www.example.com. | server-name   | must be a host name such as www.example.com
					[1].server-name    | 192.0.2.1       | server-name    | must be a host name such as www.example.com
					[1].server-name    | a..example.com  | server-name    | must be a host name such as www.example.com
					[1].linger         | perhaps         | linger         | true or false
					[1].remote-address | dead.beef       | remote-address | must be an IP address, or a block such as 10.0.0.0/8
					[1].remote-address | ''              | remote-address | must not be empty
					[1].server-name    | ''              | server-name    | must not be empty
					[1].protocol       | SSLv3           | protocol       | must be one of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3
					[1].local-port     | 0               | local-port     | must be at least 1 and at most 65535
					[1].local-port     | 65536           | local-port     | must be at least 1 and at most 65535
					[1].timeout        | 31s             | timeout        | must be a duration such as 3s, more than 0 and at most 1h
					[1].timeout        | 0               | timeout        | must be a duration such as 3s, more than 0 and at most 1h
					[1].timeout        | soon            | timeout        | a duration such as 3s, more than 0 and at most 1h
					[1].policy         | loud            | policy         | one of unidirectional, bidirectional, quiet
					""")
	void ruleWhenInvalidStopsTheApplicationAndIsExplainedWithItsIndex(String property, String value, String name,
			String explanation, CapturedOutput output) {
		String report = report(output, "tls.shutdown.rules[0].local-port=443", "tls.shutdown.rules[0].policy=quiet",
				"tls.shutdown.rules[1].local-port=443", "tls.shutdown.rules[1].policy=quiet",
				"tls.shutdown.rules" + property + "=" + value);
		assertThat(report).contains("'tls.shutdown.rules[1]." + name).contains(explanation);
	}

	@Test
	void ruleWithMisspeltCriterionBesideOthersIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules[0].local-port=443",
				"tls.shutdown.rules[0].remote-adress=10.0.0.1", "tls.shutdown.rules[0].policy=quiet"))
			.contains("Invalid value '10.0.0.1' for configuration property 'tls.shutdown.rules[0].remote-adress'")
			.contains("must be one of the keys remote-address, server-name, protocol, application-protocol");
	}

	@Test
	void ruleOfNothingButAMisspeltCriterionIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules[0].remote-adress=10.0.0.1"))
			.contains("Invalid value '10.0.0.1' for configuration property 'tls.shutdown.rules[0].remote-adress'")
			.contains("one of the keys remote-address, server-name, protocol, application-protocol");
	}

	@Test
	void ruleThatIsNoElementOfAListIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules.local-port=443"))
			.contains("Invalid value '443' for configuration property 'tls.shutdown.rules.local-port'")
			.contains("must be an element of a list, such as tls.shutdown.rules[0].local-port");
	}

	@Test
	void serverNameThatIsTooLongIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules[0].server-name=" + "a".repeat(64) + ".example.com",
				"tls.shutdown.rules[0].policy=quiet"))
			.contains("'tls.shutdown.rules[0].server-name'")
			.contains("must be a host name such as www.example.com");
	}

	@Test
	void ruleWithoutCriterionIsExplainedWithItsIndex(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules[0].policy=quiet")).contains("'tls.shutdown.rules[0]'")
			.contains("must have at least one of remote-address, server-name, protocol, application-protocol");
	}

	@Test
	void ruleWithoutPolicyIsExplainedWithItsIndex(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.rules[0].local-port=443")).contains("'tls.shutdown.rules[0].policy'")
			.contains("must be one of unidirectional, bidirectional, quiet");
	}

	@Test
	void maxWaitWhenShorterThanTimeoutIsExplainedWithTimeout(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.timeout=90s", "tls.shutdown.max-wait=1m"))
			.contains("Invalid value '1m' for configuration property 'tls.shutdown.max-wait'")
			.contains("must be " + MAX_WAIT + " (timeout is 1m30s)");
	}

	@Test
	void timeoutWhenLongerThanDefaultMaxWaitIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.timeout=31s"))
			.contains("Invalid value '31s' for configuration property 'tls.shutdown.timeout'")
			.contains("must be " + TIMEOUT + ", and not longer than tls.shutdown.max-wait, which is not set and is");
	}

	@Test
	void valueWhenSpeltInAnotherWayIsExplained(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.maxPending=none"))
			.contains("Invalid value 'none' for configuration property 'tls.shutdown.max-pending'")
			.contains(MAX_PENDING);
	}

	@Test
	void valueWhenFromAPlaceholderIsExplainedAsItWasTyped(CapturedOutput output) {
		assertThat(report(output, "tls.shutdown.timeout=${time:soon}"))
			.contains("Invalid value '${time:soon}' for configuration property 'tls.shutdown.timeout'")
			.contains(TIMEOUT);
	}

	@Test
	void propertyWhenNotOursIsLeftToSpringBoot(CapturedOutput output) {
		assertThat(report(output, "server.ssl.enabled=perhaps"))
			.contains("Failed to bind properties under 'server.ssl.enabled'");
	}

	@Test
	void analyzerComesBeforeSpringBootsWhateverTheOrderOfTheClassPath() throws ClassNotFoundException {
		Class<?> springBoots = Class.forName("org.springframework.boot.diagnostics.analyzer.BindFailureAnalyzer");
		assertThat(OrderUtils.getOrder(UnreadablePropertyFailureAnalyzer.class, Ordered.LOWEST_PRECEDENCE))
			.isLessThan(OrderUtils.getOrder(springBoots, Ordered.LOWEST_PRECEDENCE));
	}

	private static String report(CapturedOutput output, String... properties) {
		assertThatException().isThrownBy(() -> TestServer.start(properties).close());
		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START");
		return output.toString().substring(output.toString().indexOf("APPLICATION FAILED TO START"));
	}

}
