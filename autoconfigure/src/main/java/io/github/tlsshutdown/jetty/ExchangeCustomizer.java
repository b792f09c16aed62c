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

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;

import io.github.tlsshutdown.engine.RequestedEnds;

/**
 * Makes every request observable. As part of the HTTP configuration it works with any
 * handlers.
 */
final class ExchangeCustomizer implements HttpConfiguration.Customizer {

	private final RequestedEnds requestedEnds = new RequestedEnds();

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
		if (endPoint instanceof ShutdownEndPoint shutdownEndPoint) {
			request.addHttpStreamWrapper((stream) -> observe(stream, request, shutdownEndPoint));
		}
		return request;
	}

	private ObservedStream observe(HttpStream stream, Request request, ShutdownEndPoint endPoint) {
		return isHttp1(request)
				? new ObservedExchange(stream, request, endPoint.connection().signs(), this.requestedEnds)
				: new ObservedHttp2Stream(stream, request, endPoint, this.requestedEnds);
	}

	private static boolean isHttp1(Request request) {
		return request.getConnectionMetaData().getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion();
	}

}
