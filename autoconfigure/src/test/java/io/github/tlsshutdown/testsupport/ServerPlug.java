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
import java.util.List;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.web.server.WebServer;

/**
 * What {@link TestServer} has to know of a server.
 */
interface ServerPlug {

	/**
	 * Return what kind of application serves what {@link TestServer} says.
	 * @return the kind
	 */
	WebApplicationType type();

	/**
	 * Return what that application has: the server, and what it serves.
	 * @return configuration classes
	 */
	Class<?>[] application();

	/**
	 * Return what a reactive application has, which brings its own routes.
	 * @return configuration classes
	 */
	Class<?>[] reactiveApplication();

	/**
	 * Return what gives the server's sockets the smallest send buffer there is.
	 * @return a configuration class
	 */
	Class<?> smallSendBuffer();

	/**
	 * Return what has the server's TLS engines made by a provider.
	 * @param provider the provider
	 * @return a configuration class
	 */
	Class<?> configuration(TlsProvider provider);

	/**
	 * Return the number of connections that a server counts.
	 * @param server the server
	 * @return the number
	 */
	long openConnections(WebServer server);

	/**
	 * Return whether a server that is told GOAWAY loses nothing of its responses.
	 * @param server the server
	 * @param requests the number of requests since it was started
	 * @return whether all are written, or the server goes on writing
	 */
	default boolean mayBeToldGoAway(WebServer server, int requests) {
		return true;
	}

	/**
	 * Return what sets how long a server waits for a peer that neither sends nor reads.
	 * @param timeout the time
	 * @return a property
	 */
	String idleTimeout(Duration timeout);

	/**
	 * Return what sets how long a server waits for peers that do nothing.
	 * @param patience the time for a handshake, a first request, and a peer that does not
	 * read
	 * @param keepAlive the time for an idle connection, where it is another one
	 * @return properties
	 */
	List<String> idleTimeouts(Duration patience, Duration keepAlive);

	/**
	 * Return what has a server tell {@link AcceptedConnections} of its connections, and
	 * gives them send buffers of {@link ManyConnections#SEND_BUFFER}.
	 * @return a configuration class
	 */
	Class<?> manyConnections();

	/**
	 * Return what keeps the size of that which a server holds for itself, such as its
	 * threads, and has it refuse uploads at once. What the server says of handlers that
	 * fail is not logged.
	 * @return properties
	 */
	List<String> manyConnectionsProperties();

	/**
	 * Return what the server holds outside of the heap and of the JDK's buffers.
	 * @return a number of bytes
	 */
	default long memoryOfItsOwn() {
		return 0;
	}

	/**
	 * Return the name of the connector, of a server on any port.
	 * @return a regular expression
	 */
	String connectorName();

	/**
	 * Return how the server answers plain HTTP on its TLS port.
	 * @return what the answer begins with, empty if there is none
	 */
	String answerToPlainHttp();

	/**
	 * Return whether Spring Boot lets the server have several certificates, and changes
	 * them while it runs.
	 * @return whether it does
	 */
	default boolean hasServerNameBundles() {
		return true;
	}

	/**
	 * Have a server forget the TLS sessions that it keeps, if it keeps any.
	 * @param server the server
	 */
	default void forgetSessions(WebServer server) {
	}

	/**
	 * Return whether the server notices each reset when it comes, and not only when it is
	 * tired of waiting.
	 * @return whether it does
	 */
	default boolean noticesResets() {
		return true;
	}

	/**
	 * Return whether the server answers each broken request, and closes.
	 * @return whether it does
	 */
	default boolean answersBrokenRequests() {
		return true;
	}

	/**
	 * Return whether the server may leave a connection open that it accepts just when it
	 * stops.
	 * @return whether it may
	 */
	default boolean forgetsConnectionsWhenItStops() {
		return false;
	}

	/**
	 * Return whether the server reads HTTP/1.1 while it writes, and so may see that its
	 * peer leaves in the middle of a response.
	 * @return whether it does
	 */
	default boolean readsWhileWriting() {
		return false;
	}

	/**
	 * Return whether it is known of streams of HTTP/2 that their peer left in the middle.
	 * @return whether it is
	 */
	default boolean knowsStreams() {
		return false;
	}

	/**
	 * Return whether the server closes an idle connection of HTTP/2 when its peer says
	 * GOAWAY, rather than when it has been idle for too long.
	 * @return whether it does
	 */
	default boolean closesAfterGoAway() {
		return true;
	}

	/**
	 * Return how many threads of ours wait for the peers of a connector.
	 * @return the number
	 */
	int waitingThreads();

}
