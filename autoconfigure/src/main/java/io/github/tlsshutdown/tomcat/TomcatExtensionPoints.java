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

package io.github.tlsshutdown.tomcat;

import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;

import jakarta.servlet.ServletConnection;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.NioEndpoint.Poller;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.springframework.core.NativeDetector;

import io.github.tlsshutdown.tomcat.ExtensionPoint.Use;

/**
 * What this package extends and calls inside of Tomcat, which Tomcat does not promise to
 * keep. A missing member would show when the first connection ends, or not at all: a
 * method that overrides nothing is never called. Hence it is looked for at start-up.
 */
final class TomcatExtensionPoints {

	private TomcatExtensionPoints() {
	}

	/**
	 * Fail unless the server has everything that is needed.
	 */
	static void require() {
		if (NativeDetector.inNativeImage()) {
			// Has the Tomcat it was built and tested with
			return;
		}
		List<String> missing;
		try {
			missing = all().filter((point) -> !point.exists()).map(ExtensionPoint::toString).toList();
			if (missing.isEmpty()) {
				// Whatever cannot be linked shows now
				new TlsShutdownHttp11NioProtocol();
				return;
			}
		}
		catch (LinkageError ex) {
			throw new UnsupportedTomcatException(ex.toString(), ex);
		}
		throw new UnsupportedTomcatException("it has no " + String.join(", no ", missing), null);
	}

	/**
	 * Return what is needed: a test compares it with what is used.
	 * @return the members
	 */
	static Stream<ExtensionPoint> all() {
		return Stream.of(endpoint(), channel(), connection()).flatMap((points) -> points);
	}

	private static Stream<ExtensionPoint> endpoint() {
		Class<?> type = NioEndpoint.class;
		return Stream.of(overridden(type, "createChannel", NioChannel.class, SocketBufferHandler.class),
				overridden(type, "startInternal", void.class), overridden(type, "stopInternal", void.class),
				called(type, "isSSLEnabled", boolean.class), called(type, "getName", String.class),
				called(type, "getLocalPort", int.class), called(type, "getPortWithOffset", int.class),
				field(type, "running", boolean.class));
	}

	private static Stream<ExtensionPoint> channel() {
		Class<?> type = SecureNioChannel.class;
		return Stream.of(overridden(type, "close", void.class), overridden(type, "close", void.class, boolean.class),
				overridden(type, "isOpen", boolean.class),
				overridden(type, "reset", void.class, SocketChannel.class, NioSocketWrapper.class),
				overridden(type, "handshake", int.class, boolean.class, boolean.class),
				overridden(type, "handshakeWrap", SSLEngineResult.class, boolean.class),
				overridden(type, "read", int.class, ByteBuffer.class),
				overridden(type, "read", long.class, ByteBuffer[].class, int.class, int.class),
				overridden(type, "write", int.class, ByteBuffer.class),
				overridden(type, "write", long.class, ByteBuffer[].class, int.class, int.class),
				overridden(type, "flushOutbound", boolean.class), field(type, "sc", SocketChannel.class),
				field(type, "socketWrapper", NioSocketWrapper.class), field(type, "sslEngine", SSLEngine.class),
				field(type, "netInBuffer", ByteBuffer.class), field(type, "netOutBuffer", ByteBuffer.class),
				field(type, "closing", boolean.class), field(type, "closed", boolean.class));
	}

	private static Stream<ExtensionPoint> connection() {
		return Stream.of(called(NioSocketWrapper.class, "getPoller", Poller.class),
				called(NioSocketWrapper.class, "getSniHostName", String.class), called(NioSocketWrapper.class,
						"getServletConnection", ServletConnection.class, String.class, String.class),
				called(Poller.class, "getSelector", Selector.class));
	}

	private static ExtensionPoint overridden(Class<?> owner, String name, Class<?> type, Class<?>... parameters) {
		return new ExtensionPoint(Use.OVERRIDE, owner, name, MethodType.methodType(type, parameters));
	}

	private static ExtensionPoint called(Class<?> owner, String name, Class<?> type, Class<?>... parameters) {
		return new ExtensionPoint(Use.CALL, owner, name, MethodType.methodType(type, parameters));
	}

	private static ExtensionPoint field(Class<?> owner, String name, Class<?> type) {
		return new ExtensionPoint(Use.FIELD, owner, name, MethodType.methodType(type));
	}

}
