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

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;

/**
 * {@link AutoConfiguration Auto-configuration} that warns if {@code tls.shutdown.*} has
 * nothing to apply to.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@Conditional(OnTlsShutdownEnabledCondition.class)
public final class TlsShutdownUnusedPropertiesAutoConfiguration {

	TlsShutdownUnusedPropertiesAutoConfiguration() {
	}

	@Bean
	UnusedPropertiesWarning tlsShutdownUnusedPropertiesWarning(Environment environment) {
		return new UnusedPropertiesWarning(environment);
	}

}
