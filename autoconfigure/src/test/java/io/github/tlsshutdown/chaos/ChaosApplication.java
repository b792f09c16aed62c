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

package io.github.tlsshutdown.chaos;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.github.tlsshutdown.autoconfigure.TlsShutdownAutoConfiguration;
import io.github.tlsshutdown.testsupport.ManyConnections;
import io.github.tlsshutdown.testsupport.TestServer;

/**
 * Serves what {@link TestServer} does, over connections that are counted.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({ SslAutoConfiguration.class, TlsShutdownAutoConfiguration.class })
@Import({ TestServer.Server.class, ManyConnections.class })
class ChaosApplication {

	@Bean
	ChaosRecorder chaosRecorder() {
		return new ChaosRecorder();
	}

}
