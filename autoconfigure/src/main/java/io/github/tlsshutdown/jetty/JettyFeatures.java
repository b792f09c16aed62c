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
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.FillInterest;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.WriteFlusher;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.LifeCycle;
import org.springframework.core.NativeDetector;

/**
 * The methods of Jetty that this package uses. One that is missing, or no longer called
 * because its signature has changed, would show only when the first connection ends, or
 * not at all. So they are checked at start-up.
 */
final class JettyFeatures {

	/** Versions that have all required methods: the tests check that. */
	private static final Set<String> TESTED = Set.of("12.1.12", "12.1.14");

	private JettyFeatures() {
	}

	/**
	 * Fail unless the server has all required methods. Versions that were tested are not
	 * checked, as that takes time at start-up.
	 */
	static void require() {
		// A native image runs on the Jetty it was built and tested with
		if (!NativeDetector.inNativeImage() && !TESTED.contains(Server.getVersion())) {
			lookForAll();
		}
	}

	/**
	 * Fail unless the server has all required methods, whatever its version.
	 */
	static void lookForAll() {
		List<String> missing = new ArrayList<>();
		try {
			overridden().stream().filter((feature) -> !feature.isOverridable()).forEach((it) -> missing.add("" + it));
			called().stream().filter((feature) -> !feature.isCallable()).forEach((it) -> missing.add("" + it));
		}
		catch (LinkageError ex) {
			throw new UnsupportedJettyException(ex.toString(), ex);
		}
		if (!missing.isEmpty()) {
			throw new UnsupportedJettyException("it has no " + String.join(", ", missing), null);
		}
	}

	/**
	 * Return the overridden methods: a test compares them with this package.
	 * @return the methods
	 */
	static List<Feature> overridden() {
		List<Feature> features = new ArrayList<>();
		addConnection(features);
		addEndPoint(features);
		addServer(features);
		addRequests(features);
		return features;
	}

	private static void addConnection(List<Feature> features) {
		Class<?> type = SslConnection.class;
		features.add(feature(type, "newSslEndPoint"));
		features.add(feature(type, "wrap", SSLEngine.class, ByteBuffer[].class, ByteBuffer.class));
		features.add(feature(type, "unwrap", SSLEngine.class, ByteBuffer.class, ByteBuffer.class));
		features.add(feature(type, "networkFill", ByteBuffer.class));
		features.add(feature(type, "networkFlush", ByteBuffer.class));
		features.add(feature(type, "onIdleExpired", TimeoutException.class));
		features.add(feature(type, "onClose", Throwable.class));
		features.add(feature(SslHandshakeListener.class, "handshakeSucceeded", SslHandshakeListener.Event.class));
		Class<?> waiting = Connection.class;
		features.add(feature(waiting, "onIdleExpired", TimeoutException.class));
		features.add(feature(waiting, "onOpen"));
		features.add(feature(waiting, "onClose", Throwable.class));
		features.add(feature(waiting, "close"));
		features.add(feature(waiting, "getEndPoint"));
		features.add(feature(waiting, "addEventListener", EventListener.class));
		features.add(feature(waiting, "removeEventListener", EventListener.class));
		for (String figure : List.of("MessagesIn", "MessagesOut", "BytesIn", "BytesOut", "CreatedTimeStamp")) {
			features.add(feature(waiting, "get" + figure));
		}
	}

	private static void addEndPoint(List<Feature> features) {
		Class<?> type = SslConnection.SslEndPoint.class;
		features.add(feature(type, "isOpen"));
		features.add(feature(type, "isInputShutdown"));
		features.add(feature(type, "isOutputShutdown"));
		features.add(feature(type, "fill", ByteBuffer.class));
		features.add(feature(type, "flush", ByteBuffer[].class));
		features.add(feature(type, "doShutdownOutput"));
		features.add(feature(type, "doClose"));
		features.add(feature(type, "fillInterested", Callback.class));
	}

	private static void addServer(List<Feature> features) {
		Class<?> type = SslConnectionFactory.class;
		features.add(feature(type, "configure", Connector.class));
		features.add(feature(type, "newConnection", Connector.class, EndPoint.class));
		features.add(feature(type, "newSslConnection", Connector.class, EndPoint.class, SSLEngine.class));
		features.add(feature(type, "doStart"));
		features.add(feature(type, "doStop"));
		features.add(feature(Container.Listener.class, "beanAdded", Container.class, Object.class));
		features.add(feature(Container.Listener.class, "beanRemoved", Container.class, Object.class));
		Class<?> accepting = SelectorManager.AcceptListener.class;
		features.add(feature(accepting, "onAccepting", SelectableChannel.class));
		features.add(feature(accepting, "onAccepted", SelectableChannel.class));
		features.add(feature(LifeCycle.Listener.class, "lifeCycleStarting", LifeCycle.class));
		features.add(feature(LifeCycle.Listener.class, "lifeCycleStopped", LifeCycle.class));
		features.add(feature(accepting, "onAcceptFailed", SelectableChannel.class, Throwable.class));
	}

	private static void addRequests(List<Feature> features) {
		features.add(feature(HttpConfiguration.Customizer.class, "customize", Request.class, HttpFields.Mutable.class));
		Class<?> type = HttpStream.Wrapper.class;
		features.add(feature(type, "read"));
		features.add(feature(type, "send", MetaData.Request.class, MetaData.Response.class, boolean.class,
				ByteBuffer.class, Callback.class));
		features.add(feature(type, "succeeded"));
		features.add(feature(type, "failed", Throwable.class));
		features.add(feature(Callback.class, "succeeded"));
		features.add(feature(Callback.class, "failed", Throwable.class));
		features.add(feature(Callback.class, "getInvocationType"));
	}

	private static List<Feature> called() {
		return List.of(feature(SslConnection.class, "getSslEndPoint"), feature(SslConnection.class, "getSSLEngine"),
				feature(EndPoint.class, "cancelWrite", Throwable.class),
				feature(EndPoint.class, "setConnection", Connection.class), feature(EndPoint.class, "getTransport"),
				feature(EndPoint.Wrapper.class, "unwrap"), feature(AbstractEndPoint.class, "getFillInterest"),
				feature(AbstractEndPoint.class, "getWriteFlusher"), feature(AbstractEndPoint.class, "isFillInterested"),
				feature(Connection.UpgradeFrom.class, "onUpgradeFrom"), feature(FillInterest.class, "onClose"),
				feature(FillInterest.class, "onFail", Throwable.class), feature(WriteFlusher.class, "isPending"),
				feature(WriteFlusher.class, "isFailed"), feature(AbstractEndPoint.class, "getIdleFor"),
				feature(Connector.class, "getScheduler"), feature(Connector.class, "isShutdown"),
				feature(Connector.class, "getConnectedEndPoints"));
	}

	private static Feature feature(Class<?> owner, String name, Class<?>... parameters) {
		return new Feature(owner, name, List.of(parameters));
	}

	/**
	 * A method of Jetty.
	 *
	 * @param owner the type through which it is used; can inherit it
	 * @param name the name
	 * @param parameters the types of its parameters
	 */
	record Feature(Class<?> owner, String name, List<Class<?>> parameters) {

		boolean isOverridable() {
			return has((modifiers) -> (modifiers & (Modifier.FINAL | Modifier.STATIC)) == 0);
		}

		boolean isCallable() {
			return has((modifiers) -> true);
		}

		private boolean has(IntPredicate fit) {
			for (Class<?> type = this.owner; type != null; type = type.getSuperclass()) {
				if (declares(type, fit)) {
					return true;
				}
			}
			return Stream.of(this.owner.getInterfaces()).anyMatch((type) -> declares(type, fit));
		}

		private boolean declares(Class<?> type, IntPredicate fit) {
			try {
				int modifiers = type.getDeclaredMethod(this.name, this.parameters.toArray(Class<?>[]::new))
					.getModifiers();
				return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0 && fit.test(modifiers);
			}
			catch (NoSuchMethodException ex) {
				return false;
			}
		}

		@Override
		public String toString() {
			return this.owner.getSimpleName() + "." + this.name;
		}

	}

}
