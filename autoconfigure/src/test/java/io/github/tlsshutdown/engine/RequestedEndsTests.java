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

import java.util.function.Supplier;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.tlsshutdown.TlsShutdownPolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the request attribute is read, whatever its value is.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequestedEndsTests {

	private final RequestedEnds requestedEnds = new RequestedEnds();

	@Test
	void valueIsAPolicyOrItsName() {
		assertThat(this.requestedEnds.read(TlsShutdownPolicy.QUIET)).isEqualTo(RequestedEnd.QUIET);
		assertThat(this.requestedEnds.read("bidirectional")).isEqualTo(RequestedEnd.BIDIRECTIONAL);
		assertThat(this.requestedEnds.read(later("abort"))).isEqualTo(RequestedEnd.ABORT);
		assertThat(this.requestedEnds.read(later(null))).isNull();
		assertThat(this.requestedEnds.read(null)).isNull();
	}

	static Stream<Named<Object>> unreadable() {
		return Stream.of(Named.of("supplier that throws", (Supplier<Object>) () -> {
			throw new IllegalStateException("by the test");
		}), Named.of("supplier with an error", (Supplier<Object>) () -> {
			throw new AssertionError("by the test");
		}), Named.of("text that throws", new Value(() -> {
			throw new IllegalStateException("by the test");
		})), Named.of("text with an error", new Value(() -> {
			throw new AssertionError("by the test");
		})), Named.of("no text", new Value(() -> null)));
	}

	@ParameterizedTest
	@MethodSource("unreadable")
	void valueThatCannotBeReadOnlyCausesAWarning(Object value, CapturedOutput output) {
		assertThat(this.requestedEnds.read(value)).isNull();
		assertThat(this.requestedEnds.read(later(value))).isNull();
		assertThat(output.getOut().split("The request attribute " + TlsShutdownPolicy.REQUEST_ATTRIBUTE)).hasSize(2);
		assertThat(output).contains("has no effect");
	}

	@Test
	void threadThatIsInterruptedByTheValueIsNotAfterwards() {
		assertThat(this.requestedEnds.read((Supplier<String>) () -> {
			Thread.currentThread().interrupt();
			return "quiet";
		})).isEqualTo(RequestedEnd.QUIET);
		assertThat(Thread.interrupted()).isFalse();
	}

	private static Supplier<Object> later(Object value) {
		return () -> (value instanceof Supplier<?> supplier) ? supplier.get() : value;
	}

	/**
	 * A value with a text of its own.
	 *
	 * @param text provides the text
	 */
	private record Value(Supplier<String> text) {

		@Override
		public String toString() {
			return this.text.get();
		}

	}

}
