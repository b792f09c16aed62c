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

/**
 * Restores the interrupt status of a server's thread after application code has run on
 * it. A thread that stays interrupted breaks the next connection that it writes to or
 * reads from, and a thread with a selector no longer waits.
 */
public final class InterruptStatus {

	private InterruptStatus() {
	}

	/**
	 * Set the interrupt status of the current thread.
	 * @param interrupted what it was before the application's code ran
	 */
	public static void restore(boolean interrupted) {
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		else {
			Thread.interrupted();
		}
	}

}
