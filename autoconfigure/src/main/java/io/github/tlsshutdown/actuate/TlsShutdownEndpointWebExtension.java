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

package io.github.tlsshutdown.actuate;

import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import io.github.tlsshutdown.actuate.TlsShutdownSettingsChangedEvent.Origin;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link TlsShutdownEndpoint}:
 * shows remote addresses to authorized users, and reports what is wrong with a request.
 * By default, the server's own error page does not.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = TlsShutdownEndpoint.class)
public class TlsShutdownEndpointWebExtension {

	private final TlsShutdownEndpoint delegate;

	private final Show showValues;

	private final Set<String> roles;

	/**
	 * Create an extension.
	 * @param delegate the endpoint
	 * @param showValues when to show remote addresses
	 * @param roles roles that may see them; any user if empty
	 */
	public TlsShutdownEndpointWebExtension(TlsShutdownEndpoint delegate, Show showValues, Set<String> roles) {
		this.delegate = delegate;
		this.showValues = showValues;
		this.roles = roles;
	}

	/**
	 * Show every connector and the last shutdowns in which something was lost.
	 * @param securityContext the user who sends the request
	 * @param outcome show only shutdowns with this outcome; all if {@code null}
	 * @param connector show only the connector with this name; all if {@code null}
	 * @return the connectors and shutdowns, or an error
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> tlsShutdown(SecurityContext securityContext,
			@Nullable String outcome, @Nullable String connector) {
		boolean showUnsanitized = this.showValues.isShown(securityContext, this.roles);
		return respond(() -> this.delegate.show(outcome, connector, showUnsanitized));
	}

	/**
	 * Change the policy, the timeout or both, of all connectors or of one.
	 * @param policy the policy, such as {@code quiet}
	 * @param timeout the timeout, such as {@code 3s}
	 * @param connector name of the connector to change; all if {@code null}
	 * @return the changed connectors, after the change, or an error
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> configureTlsShutdown(@Nullable String policy,
			@Nullable String timeout, @Nullable String connector) {
		return respond(() -> this.delegate.change(new SettingsChange(policy, timeout), connector, Origin.WEB));
	}

	private static WebEndpointResponse<OperationResponseBody> respond(Supplier<OperationResponseBody> operation) {
		try {
			return new WebEndpointResponse<>(operation.get());
		}
		catch (InvalidEndpointRequestException ex) {
			return new WebEndpointResponse<>(new ErrorDescriptor(ex.getReason()),
					WebEndpointResponse.STATUS_BAD_REQUEST);
		}
	}

	/**
	 * The error of an invalid request.
	 */
	public static final class ErrorDescriptor implements OperationResponseBody {

		private final @Nullable String error;

		ErrorDescriptor(@Nullable String error) {
			this.error = error;
		}

		/**
		 * Return what is wrong with the request.
		 * @return the error, and the allowed values
		 */
		public @Nullable String getError() {
			return this.error;
		}

	}

}
