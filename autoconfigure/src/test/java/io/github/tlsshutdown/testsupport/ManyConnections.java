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

package io.github.tlsshutdown.testsupport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Configuration of a server for many connections: those that are accepted are counted,
 * send buffers have a size that a large response fills, and what the server keeps for
 * itself has the same size at the beginning as at the end.
 */
@Configuration(proxyBeanMethods = false)
@Import(ManyConnections.Selector.class)
public class ManyConnections {

	/** Size of the server's send buffers. */
	static final int SEND_BUFFER = 65_536;

	@Bean
	AcceptedConnections acceptedConnections() {
		return new AcceptedConnections();
	}

	/**
	 * Return the properties that belong to this configuration.
	 * @param patience how long the server waits for a handshake, a first request, and a
	 * peer that does not read
	 * @param keepAlive how long it keeps an idle connection, where it tells that time
	 * from the other
	 * @return properties
	 */
	public static List<String> properties(Duration patience, Duration keepAlive) {
		List<String> properties = new ArrayList<>(ServerUnderTest.plug().manyConnectionsProperties());
		properties.addAll(ServerUnderTest.plug().idleTimeouts(patience, keepAlive));
		return properties;
	}

	/**
	 * Return what the server under test holds outside of the heap and of the JDK's
	 * buffers.
	 * @return a number of bytes
	 */
	public static long memoryOfItsOwn() {
		return ServerUnderTest.plug().memoryOfItsOwn();
	}

	static class Selector implements ImportSelector {

		@Override
		public String[] selectImports(AnnotationMetadata importing) {
			return new String[] { ServerUnderTest.plug().manyConnections().getName() };
		}

	}

}
