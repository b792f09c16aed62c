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

package io.github.tlsshutdown.tomcat;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/**
 * Tracks whether the application is still handling a request, which the processor does
 * not expose to subclasses.
 */
final class ObservedAdapter implements Adapter {

	private final Adapter delegate;

	private @Nullable TlsShutdownHttp11Processor processor;

	private volatile boolean serving;

	ObservedAdapter(Adapter delegate) {
		this.delegate = delegate;
	}

	void observeWith(TlsShutdownHttp11Processor processor) {
		this.processor = processor;
	}

	/**
	 * Return whether a request was passed to the application and its response is not
	 * finished.
	 * @return whether a request is being handled
	 */
	boolean isServing() {
		return this.serving;
	}

	void reset() {
		this.serving = false;
	}

	@Override
	public boolean prepare(Request request, Response response) throws Exception {
		return this.delegate.prepare(request, response);
	}

	@Override
	public void service(Request request, Response response) throws Exception {
		TlsShutdownHttp11Processor processor = this.processor;
		this.serving = true;
		if (processor != null) {
			processor.noteRequest();
		}
		this.delegate.service(request, response);
		if (processor != null && !processor.isAsync()) {
			processor.noteExpectationNotMet();
			finished(processor);
		}
	}

	@Override
	public boolean asyncDispatch(Request request, Response response, SocketEvent status) throws Exception {
		boolean success = this.delegate.asyncDispatch(request, response, status);
		TlsShutdownHttp11Processor processor = this.processor;
		if (success && processor != null && !processor.isAsync()) {
			// If the connection is not kept, the rest of the request is not read
			processor.noteBodyUnread();
			finished(processor);
		}
		return success;
	}

	private void finished(TlsShutdownHttp11Processor processor) {
		processor.noteLengthNotReached();
		this.serving = false;
	}

	@Override
	public void log(Request request, Response response, long time) {
		this.delegate.log(request, response, time);
	}

	/**
	 * Called before a processor is used by another connection.
	 */
	@Override
	public void checkRecycled(Request request, Response response) {
		TlsShutdownHttp11Processor processor = this.processor;
		if (processor != null && this.serving) {
			processor.noteClosed();
		}
		this.delegate.checkRecycled(request, response);
	}

	@Override
	public String getDomain() {
		return this.delegate.getDomain();
	}

}
