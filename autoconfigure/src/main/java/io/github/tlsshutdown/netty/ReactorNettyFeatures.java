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

package io.github.tlsshutdown.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamVisitor;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import org.springframework.core.NativeDetector;
import reactor.netty.ChannelPipelineConfigurer;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * The members of Netty and Reactor Netty that this package uses. A missing member would
 * show only when the first connection ends, and a handler with another name not at all.
 * So they are checked at start-up.
 */
final class ReactorNettyFeatures {

	/** Versions of Reactor Netty that have all required members: the tests check that. */
	private static final Set<String> TESTED = Set.of("1.3.7", "1.3.8");

	/** The same of Netty, which an application can choose on its own. */
	private static final Set<String> TESTED_NETTY = Set.of("4.2.17.Final", "4.2.19.Final");

	private ReactorNettyFeatures() {
	}

	/**
	 * Fail unless the server has all required members. Versions that were tested are not
	 * checked, as that takes time at start-up.
	 */
	static void require() {
		// A native image runs on the Reactor Netty it was built and tested with
		if (!NativeDetector.inNativeImage()
				&& !(isOneOf(TESTED, HttpServer.class) && isOneOf(TESTED_NETTY, SslHandler.class))) {
			lookForAll();
		}
	}

	private static boolean isOneOf(Set<String> versions, Class<?> type) {
		String version = type.getPackage().getImplementationVersion();
		return version != null && versions.contains(version);
	}

	/**
	 * Fail unless the server has all required members, whatever its version.
	 */
	static void lookForAll() {
		List<String> missing = new ArrayList<>();
		try {
			addMissingHandlers(missing);
			addMissingMethods(missing);
			require(ChannelInputShutdownEvent.class, ChannelInputShutdownReadComplete.class,
					ChannelOutputShutdownEvent.class, SslHandshakeCompletionEvent.class, SslCloseCompletionEvent.class,
					NotSslRecordException.class, SslHandshakeTimeoutException.class, HttpServerCodec.class,
					HttpProtocol.class);
		}
		catch (LinkageError ex) {
			throw new UnsupportedReactorNettyException(ex.toString(), ex);
		}
		if (!missing.isEmpty()) {
			throw new UnsupportedReactorNettyException("it has no " + String.join(", ", missing), null);
		}
	}

	private static void addMissingHandlers(List<String> missing) {
		// By contract it passes on undecrypted data when it is removed
		if (!ByteToMessageDecoder.class.isAssignableFrom(SslHandler.class)
				|| !ChannelOutboundHandler.class.isAssignableFrom(SslHandler.class)) {
			missing.add("SslHandler that is a ByteToMessageDecoder");
		}
		// The compiler has inlined their values into this class
		requireName(missing, "SslHandler", NettyPipeline.SslHandler);
		requireName(missing, "NonSslRedirectDetector", NettyPipeline.NonSslRedirectDetector);
		requireName(missing, "HttpCodec", NettyPipeline.HttpCodec);
	}

	private static void addMissingMethods(List<String> missing) {
		requireMethod(missing, HttpServer.class, "doOnBind", Consumer.class);
		requireMethod(missing, HttpServer.class, "doOnBound", Consumer.class);
		requireMethod(missing, HttpServer.class, "doOnChannelInit", ChannelPipelineConfigurer.class);
		requireMethod(missing, HttpServerConfig.class, "sslProvider");
		requireMethod(missing, HttpServerConfig.class, "protocols");
		requireMethod(missing, HttpServerConfig.class, "maxConnections");
		requireMethod(missing, HttpServerConfig.class, "bindAddress");
		requireMethod(missing, HttpServerRequest.class, "withConnection", Consumer.class);
		requireMethod(missing, DisposableServer.class, "channel");
		requireMethod(missing, Connection.class, "channel");
		requireMethod(missing, ChannelOperations.class, "get", Channel.class);
		requireMethod(missing, WebsocketOutbound.class, "sendClose", int.class, String.class);
		requireMethod(missing, SniCompletionEvent.class, "hostname");
		requireMethod(missing, SslHandler.class, "engine");
		requireMethod(missing, SslHandler.class, "applicationProtocol");
		requireMethod(missing, Http2ConnectionHandler.class, "connection");
		requireMethod(missing, Http2Connection.class, "forEachActiveStream", Http2StreamVisitor.class);
		requireMethod(missing, Http2Stream.class, "isHeadersSent");
		requireMethod(missing, Http2Stream.State.class, "remoteSideOpen");
		requireMethod(missing, Http2Stream.State.class, "localSideOpen");
		requireMethod(missing, Channel.class, "bytesBeforeUnwritable");
		requireMethod(missing, Channel.class, "bytesBeforeWritable");
		requireMethod(missing, DuplexChannel.class, "shutdownOutput");
		requireMethod(missing, DuplexChannelConfig.class, "setAllowHalfClosure", boolean.class);
	}

	/**
	 * Fail unless all types exist that are used without their members being checked.
	 * @param types the types, which are loaded by being named
	 */
	private static void require(Class<?>... types) {
		for (Class<?> type : types) {
			Objects.requireNonNull(type);
		}
	}

	private static void requireName(List<String> missing, String constant, String value) {
		try {
			if (!value.equals(NettyPipeline.class.getField(constant).get(null))) {
				missing.add("handler named " + value);
			}
		}
		catch (ReflectiveOperationException ex) {
			missing.add("NettyPipeline." + constant);
		}
	}

	private static void requireMethod(List<String> missing, Class<?> owner, String name, Class<?>... parameters) {
		try {
			owner.getMethod(name, parameters);
		}
		catch (NoSuchMethodException ex) {
			missing.add(owner.getSimpleName() + "." + name);
		}
	}

}
