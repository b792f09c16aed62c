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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.springframework.web.context.WebApplicationContext;

/**
 * The server's side of WebSockets, for servers with servlets.
 */
public final class ServletWebSockets {

	private ServletWebSockets() {
	}

	/**
	 * Serve WebSockets at {@code /socket}.
	 * @param server the server
	 * @param type what handles them
	 * @param configurator answers requests for them
	 * @throws DeploymentException if that fails
	 */
	public static void serve(TestServer server, Class<? extends Endpoint> type,
			ServerEndpointConfig.Configurator configurator) throws DeploymentException {
		ServerContainer container = (ServerContainer) ((WebApplicationContext) server.context()).getServletContext()
			.getAttribute(ServerContainer.class.getName());
		container.addEndpoint(ServerEndpointConfig.Builder.create(type, "/socket").configurator(configurator).build());
	}

	/**
	 * Answers a request for a WebSocket when the test says so.
	 */
	public static class LateUpgrade extends ServerEndpointConfig.Configurator {

		private final CompletableFuture<Void> asked = new CompletableFuture<>();

		private final CompletableFuture<Void> granted = new CompletableFuture<>();

		@Override
		public void modifyHandshake(ServerEndpointConfig endpoint, HandshakeRequest request,
				HandshakeResponse response) {
			this.asked.complete(null);
			this.granted.orTimeout(20, TimeUnit.SECONDS).join();
		}

		/**
		 * Return whether the request has come.
		 * @return whether it waits for its answer
		 */
		public boolean isAsked() {
			return this.asked.isDone();
		}

		/**
		 * Have the request answered.
		 */
		public void grant() {
			this.granted.complete(null);
		}

	}

}
