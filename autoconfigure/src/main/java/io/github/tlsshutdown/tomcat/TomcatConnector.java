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

import org.apache.tomcat.util.net.SocketProperties;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.engine.ConnectorSetup;
import io.github.tlsshutdown.nio.NioConnector;
import io.github.tlsshutdown.nio.StopGroup;

/**
 * State shared by the connections of a Tomcat connector.
 */
final class TomcatConnector extends NioConnector {

	private volatile RequestPolicies requests = new RequestPolicies();

	private volatile @Nullable StopGroup stopGroup;

	private volatile boolean closeMayBlock;

	void configure(ConnectorSetup setup, RequestPolicies requests, StopGroup stopGroup) {
		configure(setup);
		this.requests = requests;
		this.stopGroup = stopGroup;
	}

	/**
	 * Record that the connector is about to accept connections.
	 * @param name its name, with its port
	 * @param port its TCP port, or -1 where there is none
	 * @param maxConnections how many connections it accepts, not positive for any number
	 * @param socketProperties how its sockets are configured
	 */
	void started(String name, int port, int maxConnections, SocketProperties socketProperties) {
		StopGroup stopGroup = this.stopGroup;
		if (stopGroup != null) {
			stopGroup.awaitStop(this);
		}
		this.closeMayBlock = socketProperties.getSoLingerOn() && socketProperties.getSoLingerTime() > 0;
		started(name, port, maxConnections);
	}

	/**
	 * Stop, together with the application's other connectors if there are any.
	 */
	void stopInGroup() {
		StopGroup stopGroup = this.stopGroup;
		if (stopGroup != null) {
			stopGroup.stop(this);
		}
		else {
			stop();
		}
	}

	/**
	 * Return whether sockets are configured so that closing them can block.
	 * @return whether it can
	 */
	boolean closeMayBlock() {
		return this.closeMayBlock;
	}

	/**
	 * Return the record of what requests have asked for.
	 * @return the record
	 */
	RequestPolicies requests() {
		return this.requests;
	}

}
