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

package io.github.tlsshutdown.jetty;

import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLEngine;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.FillInterest;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.WriteFlusher;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.springframework.core.NativeDetector;

/**
 * What this package builds on. A method that is missing, or is not called any more
 * because it has another signature, would show when the first connection ends, or not at
 * all. Hence they are looked for at start-up.
 */
final class JettyFeatures {

	private JettyFeatures() {
	}

	/**
	 * Fail unless the server has everything that is needed.
	 */
	static void require() {
		if (NativeDetector.inNativeImage()) {
			// Has the Jetty it was built and tested with
			return;
		}
		List<String> missing = new ArrayList<>();
		try {
			addMissingExtensionPoints(missing);
			addMissingMethods(missing);
		}
		catch (LinkageError ex) {
			throw new UnsupportedJettyException(ex.toString(), ex);
		}
		if (!missing.isEmpty()) {
			throw new UnsupportedJettyException("it has no " + String.join(", ", missing), null);
		}
	}

	// To be overridden
	private static void addMissingExtensionPoints(List<String> missing) {
		require(missing, SslConnectionFactory.class, "newSslConnection", Connector.class, EndPoint.class,
				SSLEngine.class);
		require(missing, SslConnection.class, "newSslEndPoint");
		require(missing, SslConnection.class, "wrap", SSLEngine.class, ByteBuffer[].class, ByteBuffer.class);
		require(missing, SslConnection.class, "unwrap", SSLEngine.class, ByteBuffer.class, ByteBuffer.class);
		require(missing, SslConnection.class, "networkFill", ByteBuffer.class);
		require(missing, SslConnection.class, "networkFlush", ByteBuffer.class);
		require(missing, SslConnection.class, "onIdleExpired", TimeoutException.class);
		require(missing, SslConnection.class, "onClose", Throwable.class);
		require(missing, SslConnection.SslEndPoint.class, "fill", ByteBuffer.class);
		require(missing, SslConnection.SslEndPoint.class, "flush", ByteBuffer[].class);
		require(missing, SslConnection.SslEndPoint.class, "doShutdownOutput");
		require(missing, SslConnection.SslEndPoint.class, "doClose");
		require(missing, SslConnection.SslEndPoint.class, "fillInterested", Callback.class);
		require(missing, HttpConfiguration.Customizer.class, "customize", Request.class, HttpFields.Mutable.class);
		require(missing, HttpStream.Wrapper.class, "succeeded");
		require(missing, HttpStream.Wrapper.class, "failed", Throwable.class);
		require(missing, SelectorManager.AcceptListener.class, "onAcceptFailed", SelectableChannel.class,
				Throwable.class);
	}

	// To be called
	private static void addMissingMethods(List<String> missing) {
		require(missing, SslConnection.class, "getSslEndPoint");
		require(missing, EndPoint.class, "cancelWrite", Throwable.class);
		require(missing, EndPoint.class, "setConnection", Connection.class);
		require(missing, AbstractEndPoint.class, "getFillInterest");
		require(missing, AbstractEndPoint.class, "getWriteFlusher");
		require(missing, AbstractEndPoint.class, "isFillInterested");
		require(missing, Connection.UpgradeFrom.class, "onUpgradeFrom");
		require(missing, FillInterest.class, "onClose");
		require(missing, FillInterest.class, "onFail", Throwable.class);
		require(missing, AbstractEndPoint.class, "getIdleFor");
		require(missing, Connector.class, "getScheduler");
		require(missing, Connector.class, "isShutdown");
		require(missing, WriteFlusher.class, "isPending");
		require(missing, Connector.class, "getConnectedEndPoints");
	}

	private static void require(List<String> missing, Class<?> owner, String name, Class<?>... parameters) {
		for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
			if (declares(type, name, parameters)) {
				return;
			}
		}
		if (Arrays.stream(owner.getInterfaces()).noneMatch((type) -> declares(type, name, parameters))) {
			missing.add(owner.getSimpleName() + "." + name);
		}
	}

	private static boolean declares(Class<?> type, String name, Class<?>... parameters) {
		try {
			int modifiers = type.getDeclaredMethod(name, parameters).getModifiers();
			return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
		}
		catch (NoSuchMethodException ex) {
			return false;
		}
	}

}
