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

package io.github.tlsshutdown.metrics;

import io.micrometer.core.instrument.Tags;

import io.github.tlsshutdown.TlsShutdownConnector;
import io.github.tlsshutdown.TlsShutdownEvent;

/**
 * Provides the tags of the meters, as an observation convention provides the key values
 * of an observation. A bean of this type replaces
 * {@link DefaultTlsShutdownTagsConvention}.
 * <p>
 * Called for every connection, by several threads at once. An implementation should
 * return the same keys every time, as some registries reject meters of one name with
 * different keys, and take values from a bounded set: never from an address.
 *
 * @since 0.1.0
 */
public interface TlsShutdownTagsConvention {

	/**
	 * Return the tags of the timer {@code tls.shutdown}.
	 * <p>
	 * Also called in advance with events that have not happened, so that their timers
	 * exist from the start. Those have no remote address, and a duration of zero.
	 * @param event how a connection ended, or can end
	 * @return the tags
	 */
	Tags getTags(TlsShutdownEvent event);

	/**
	 * Return the tags of the meters that belong to a connector: all but the timer. Some
	 * of them have additional tags.
	 * @param connector the connector
	 * @return the tags, different for every connector of the application
	 */
	Tags getConnectorTags(TlsShutdownConnector connector);

}
