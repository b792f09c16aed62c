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

package io.github.tlsshutdown.benchmarks.process;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A running server, of whatever make. Closing it stops it.
 */
public interface Server extends AutoCloseable {

	/**
	 * Return what the results call it.
	 * @return the name
	 */
	String name();

	/**
	 * Return where it speaks TLS.
	 * @return the address
	 */
	InetSocketAddress address();

	/**
	 * Return the processes that do its work.
	 * @return their ids
	 */
	List<Long> pids();

	@Override
	void close();

}
