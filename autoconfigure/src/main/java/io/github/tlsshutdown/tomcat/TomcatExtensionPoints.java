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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

import jakarta.servlet.ServletConnection;
import org.apache.catalina.util.ServerInfo;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.NioEndpoint.Poller;
import org.apache.tomcat.util.net.NioEndpoint.SendfileData;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketProperties;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.springframework.core.NativeDetector;

import io.github.tlsshutdown.tomcat.ExtensionPoint.Use;

/**
 * The members inside Tomcat that this package extends and calls, and that are not part of
 * Tomcat's stable API. A missing member would show only when the first connection ends,
 * or not at all: a method that overrides nothing is never called. So they are checked at
 * start-up.
 */
final class TomcatExtensionPoints {

	/** Versions that have all required members: the tests check that. */
	private static final Set<String> TESTED = Set.of("11.0.24.0", "11.0.27.0");

	private TomcatExtensionPoints() {
	}

	/**
	 * Fail unless the server has all required members. Versions that were tested are not
	 * checked, as that takes time at start-up.
	 */
	static void require() {
		// A native image runs on the Tomcat it was built and tested with
		if (!NativeDetector.inNativeImage() && !TESTED.contains(ServerInfo.getServerNumber())) {
			lookForAll();
		}
	}

	/**
	 * Fail unless the server has all required members, whatever its version.
	 */
	static void lookForAll() {
		List<String> missing = new ArrayList<>();
		try {
			for (ExtensionPoint point : all()) {
				if (!point.exists()) {
					missing.add("no " + point);
				}
			}
			if (missing.isEmpty()) {
				// Linkage errors occur now
				new TlsShutdownHttp11NioProtocol();
				return;
			}
		}
		catch (LinkageError ex) {
			throw new UnsupportedTomcatException(ex.toString(), ex);
		}
		throw new UnsupportedTomcatException("it has " + String.join(", ", missing), null);
	}

	/**
	 * Return the required members: a test compares them with those used.
	 * @return the members
	 */
	static List<ExtensionPoint> all() {
		List<ExtensionPoint> points = new ArrayList<>();
		addEndpoint(points);
		addChannel(points);
		addConnection(points);
		addProcessor(points);
		addGracefulStop(points);
		return points;
	}

	private static void addEndpoint(List<ExtensionPoint> points) {
		Class<?> type = NioEndpoint.class;
		points.add(overridden(type, "createChannel", NioChannel.class, SocketBufferHandler.class));
		points.add(overridden(type, "startInternal", void.class));
		points.add(overridden(type, "stopInternal", void.class));
		points.add(called(type, "isSSLEnabled", boolean.class));
		points.add(called(type, "getName", String.class));
		points.add(called(type, "getLocalPort", int.class));
		points.add(called(type, "getMaxConnections", int.class));
		points.add(called(type, "getSocketProperties", SocketProperties.class));
		points.add(field(type, "running", boolean.class));
	}

	private static void addChannel(List<ExtensionPoint> points) {
		Class<?> type = SecureNioChannel.class;
		points.add(overridden(type, "close", void.class));
		points.add(overridden(type, "close", void.class, boolean.class));
		points.add(overridden(type, "isOpen", boolean.class));
		points.add(overridden(type, "reset", void.class, SocketChannel.class, NioSocketWrapper.class));
		points.add(overridden(type, "handshake", int.class, boolean.class, boolean.class));
		points.add(overridden(type, "handshakeUnwrap", SSLEngineResult.class, boolean.class));
		points.add(overridden(type, "handshakeWrap", SSLEngineResult.class, boolean.class));
		points.add(overridden(type, "processSNI", int.class));
		points.add(overridden(type, "tasks", HandshakeStatus.class));
		points.add(overridden(type, "read", int.class, ByteBuffer.class));
		points.add(overridden(type, "read", long.class, ByteBuffer[].class, int.class, int.class));
		points.add(overridden(type, "write", int.class, ByteBuffer.class));
		points.add(overridden(type, "write", long.class, ByteBuffer[].class, int.class, int.class));
		points.add(overridden(type, "flushOutbound", boolean.class));
		points.add(overridden(type, "getOutboundRemaining", int.class));
		points.add(called(type, "flush", boolean.class, ByteBuffer.class));
		points.add(called(type, "getEmptyBuf", ByteBuffer.class));
		points.add(called(type, "checkInterruptStatus", void.class));
		points.add(field(type, "sc", SocketChannel.class));
		points.add(field(type, "socketWrapper", NioSocketWrapper.class));
		points.add(field(type, "sslEngine", SSLEngine.class));
		points.add(field(type, "netInBuffer", ByteBuffer.class));
		points.add(field(type, "netOutBuffer", ByteBuffer.class));
		points.add(field(type, "closing", boolean.class));
		points.add(field(type, "closed", boolean.class));
	}

	private static void addConnection(List<ExtensionPoint> points) {
		points.add(called(NioSocketWrapper.class, "getPoller", Poller.class));
		points.add(called(NioSocketWrapper.class, "getError", IOException.class));
		points.add(called(NioSocketWrapper.class, "getSniHostName", String.class));
		points.add(called(NioSocketWrapper.class, "getNegotiatedProtocol", String.class));
		points.add(called(NioSocketWrapper.class, "getServletConnection", ServletConnection.class, String.class,
				String.class));
		points.add(called(NioSocketWrapper.class, "getSocket", Object.class));
		points.add(called(NioSocketWrapper.class, "getSendfileData", SendfileData.class));
		points.add(called(Poller.class, "getSelector", Selector.class));
		for (String state : List.of("CLOSED", "LONG", "SUSPENDED", "ASYNC_IO")) {
			points.add(new ExtensionPoint(Use.CONSTANT, SocketState.class, state, SocketState.class, List.of()));
		}
		points.add(called(SocketProperties.class, "getSoLingerOn", boolean.class));
		points.add(called(SocketProperties.class, "getSoLingerTime", int.class));
	}

	private static void addProcessor(List<ExtensionPoint> points) {
		Class<?> type = Http11Processor.class;
		points.add(overridden(Http11NioProtocol.class, "createProcessor", Processor.class));
		points.add(overridden(type, "process", SocketState.class, SocketWrapperBase.class, SocketEvent.class));
		points.add(overridden(type, "setErrorState", void.class, ErrorState.class, Throwable.class));
		points.add(called(type, "getSocketWrapper", SocketWrapperBase.class));
		points.add(called(type, "isRequestBodyFullyRead", boolean.class));
		points.add(called(type, "available", int.class, boolean.class));
		points.add(field(type, "request", Request.class));
		points.add(field(type, "response", Response.class));
	}

	private static void addGracefulStop(List<ExtensionPoint> points) {
		Class<?> protocol = Http11NioProtocol.class;
		points.add(overridden(protocol, "pause", void.class));
		points.add(overridden(protocol, "closeServerSocketGraceful", void.class));
		points.add(overridden(protocol, "isPaused", boolean.class));
		points.add(overridden(protocol, "resume", void.class));
		points.add(overridden(protocol, "stop", void.class));
		points.add(overridden(protocol, "getNegotiatedProtocol", UpgradeProtocol.class, String.class));
		points.add(overridden(protocol, "useCompression", boolean.class, Request.class, Response.class));
		Class<?> http2 = Http2AsyncUpgradeHandler.class;
		points.add(overridden(http2, "pause", void.class));
		points.add(overridden(http2, "upgradeDispatch", SocketState.class, SocketEvent.class));
		points.add(overridden(http2, "setConnectionTimeoutForStreamCount", void.class, int.class));
		points.add(field(http2, "activeRemoteStreamCount", AtomicInteger.class));
		points.add(field(http2, "socketWrapper", SocketWrapperBase.class));
		Class<?> connection = NioSocketWrapper.class;
		points.add(called(NioEndpoint.class, "getConnections", Set.class));
		points.add(called(connection, "getLock", ReentrantLock.class));
		points.add(called(connection, "getCurrentProcessor", Object.class));
		points.add(called(connection, "getLastRead", long.class));
		points.add(called(connection, "isClosed", boolean.class));
		points.add(called(connection, "close", void.class));
		points.add(called(connection, "processSocket", void.class, SocketEvent.class, boolean.class));
		points.add(called(connection, "execute", void.class, Runnable.class));
		points.add(called(connection, "hasAsyncIO", boolean.class));
		points.add(called(SocketWrapperBase.class, "hasDataToWrite", boolean.class));
		points.add(called(SecureNioChannel.class, "isHandshakeComplete", boolean.class));
		points.add(called(SecureNioChannel.class, "getIOChannel", SocketChannel.class));
		for (String event : List.of("STOP", "TIMEOUT", "OPEN_WRITE")) {
			points.add(new ExtensionPoint(Use.CONSTANT, SocketEvent.class, event, SocketEvent.class, List.of()));
		}
	}

	private static ExtensionPoint overridden(Class<?> owner, String name, Class<?> type, Class<?>... parameters) {
		return new ExtensionPoint(Use.OVERRIDE, owner, name, type, List.of(parameters));
	}

	private static ExtensionPoint called(Class<?> owner, String name, Class<?> type, Class<?>... parameters) {
		return new ExtensionPoint(Use.CALL, owner, name, type, List.of(parameters));
	}

	private static ExtensionPoint field(Class<?> owner, String name, Class<?> type) {
		return new ExtensionPoint(Use.FIELD, owner, name, type, List.of());
	}

}
