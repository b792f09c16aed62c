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

package io.github.tlsshutdown.engine;

import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Logs a problem that can occur with every connection at most once a minute.
 */
public final class OccasionalLog {

	private final Log logger;

	private final OncePerMinute rate;

	/**
	 * Create a log.
	 * @param logger where to log
	 */
	public OccasionalLog(Log logger) {
		this(logger, System::nanoTime);
	}

	OccasionalLog(Log logger, LongSupplier nanoClock) {
		this.logger = logger;
		this.rate = new OncePerMinute(nanoClock);
	}

	/**
	 * Log a warning, unless there was one less than a minute ago.
	 * @param message the message
	 * @param cause what caused it, if anything
	 */
	public void warn(String message, @Nullable Throwable cause) {
		if (this.rate.isDue()) {
			this.logger.warn(this.rate.complete(message), cause);
		}
	}

}
