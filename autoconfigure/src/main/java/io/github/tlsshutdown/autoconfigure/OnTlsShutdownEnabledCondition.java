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

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.BindResult;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless {@code tls.shutdown.enabled} is {@code false}. Binds the property,
 * because a condition that compares text would treat a misspelt {@code true} as
 * {@code false}.
 */
class OnTlsShutdownEnabledCondition extends SpringBootCondition {

	private static final String PROPERTY = "tls.shutdown.enabled";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		BindResult<Boolean> value = Binder.get(context.getEnvironment()).bind(PROPERTY, Boolean.class);
		boolean enabled = !value.isBound() || value.get();
		return new ConditionOutcome(enabled,
				ConditionMessage.forCondition("TLS shutdown").because("property " + PROPERTY + " is " + enabled));
	}

}
