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

package io.github.tlsshutdown.autoconfigure;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.util.ClassUtils;

import io.github.tlsshutdown.actuate.ChangedConnectorsDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownDescriptor;
import io.github.tlsshutdown.actuate.TlsShutdownEndpointWebExtension.ErrorDescriptor;
import io.github.tlsshutdown.tomcat.TlsShutdownHttp11NioProtocol;

/**
 * Hints for native images. Found by {@code aot.factories}: annotations of a configuration
 * would be read, with the classes that they name, whenever an application starts.
 */
class TlsShutdownRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		if (ClassUtils.isPresent("org.apache.catalina.startup.Tomcat", classLoader)) {
			registerTomcat(hints);
		}
		if (ClassUtils.isPresent("org.springframework.boot.actuate.endpoint.annotation.Endpoint", classLoader)) {
			registerEndpoint(hints);
		}
	}

	// Tomcat creates the protocol by its class name, and sets properties of the protocol
	// and its endpoint by name
	private static void registerTomcat(RuntimeHints hints) {
		String endpoint = TlsShutdownHttp11NioProtocol.class.getPackageName() + ".TlsShutdownNioEndpoint";
		hints.reflection()
			.registerType(TlsShutdownHttp11NioProtocol.class, MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS,
					MemberCategory.INVOKE_PUBLIC_METHODS)
			.registerType(TypeReference.of(endpoint), MemberCategory.INVOKE_PUBLIC_METHODS);
	}

	// The web extension does not declare its return types
	private static void registerEndpoint(RuntimeHints hints) {
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), ErrorDescriptor.class,
				TlsShutdownDescriptor.class, ChangedConnectorsDescriptor.class);
	}

}
