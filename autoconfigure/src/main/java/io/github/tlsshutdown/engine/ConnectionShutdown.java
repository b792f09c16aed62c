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

import java.io.IOException;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownConnection;
import io.github.tlsshutdown.TlsShutdownSettings;

/**
 * The end of one TLS connection, from the first step to the TCP close and the event: does
 * with the engine and the transport what {@link ShutdownState} decides, and reports the
 * results to it.
 * <p>
 * {@link #begin} takes the steps that can be taken at once, on the thread that closes the
 * connection. Anything that would block (OpenSSL's WANT_WRITE and WANT_READ) is left to
 * the transport, which {@link Transport#await waits} and calls {@link #advance} until the
 * shutdown has {@link #isEnded() ended}. Only one thread at a time uses an instance.
 */
public final class ConnectionShutdown {

	private static final Log logger = LogFactory.getLog(ConnectionShutdown.class);

	private final ServerConnector connector;

	private final Transport transport;

	private final @Nullable SSLEngine engine;

	private final TlsShutdownSettings settings;

	private final boolean abort;

	private final ShutdownState state;

	private final PeerInput input = new PeerInput();

	private final ShutdownReport report;

	private final Term term;

	private boolean admitted;

	private boolean ended;

	/**
	 * Create a shutdown.
	 * @param connector the connector
	 * @param transport the TCP connection
	 * @param engine the engine, or {@code null} if there was none yet
	 * @param decision how the connection ends
	 * @param connection the connection as rules see it, if they apply
	 * @param abort whether the application wants the response to count as cut
	 */
	public ConnectionShutdown(ServerConnector connector, Transport transport, @Nullable SSLEngine engine,
			Decision decision, @Nullable TlsShutdownConnection connection, boolean abort) {
		this.connector = connector;
		this.transport = transport;
		this.engine = engine;
		this.settings = decision.settings();
		this.abort = abort;
		this.state = new ShutdownState(this.settings.policy(), this.settings.linger());
		this.report = new ShutdownReport(connector, decision, connection, transport);
		this.term = new Term(this.settings, connector.nanoClock());
	}

	/**
	 * Take the first steps, and hand over to the transport to wait if they were not the
	 * last ones. From then on this object belongs to the waiting thread.
	 * @param before what happened before the close
	 * @param unread bytes read from the peer but not decrypted, ready to be added to
	 * @param unsent encrypted bytes that were not written yet, ready to be read. Large
	 * enough for a record: both buffers are reused afterwards.
	 */
	public void begin(BeforeClose before, ByteBuffer unread, ByteBuffer unsent) {
		try {
			takeFirstSteps(before, unread, unsent);
			if (!this.ended) {
				await();
			}
		}
		catch (RuntimeException | Error ex) {
			endOnInternalError(ex);
		}
		finally {
			this.connector.closed();
		}
	}

	private void takeFirstSteps(BeforeClose before, ByteBuffer unread, ByteBuffer unsent) {
		FirstSteps steps = firstSteps();
		this.report.begin(before);
		try {
			if (this.engine == null || !before.established()) {
				this.state.begin(before, false);
			}
			else {
				this.report.established(this.engine);
				BeforeClose met = this.abort ? before.withResponseCut() : before;
				this.state.begin(steps.hear(this.engine, met, unread), this.engine.isInboundDone());
			}
			steps.sayFarewell(this.engine, unsent, before.handshake());
			proceed(new PeerReader(unread));
		}
		catch (IOException ex) {
			lost(ex);
		}
	}

	private FirstSteps firstSteps() {
		return new FirstSteps(this.transport, this.state, this.input, this.settings.maxDiscard());
	}

	/**
	 * Write what is left and read what is available, a bounded amount of each.
	 * @param reader reads from the peer
	 */
	public void advance(PeerReader reader) {
		try {
			if (this.transport.flush()) {
				this.term.progressed();
			}
			this.state.flushed(this.transport.isFlushed());
			if (this.state.isReading()) {
				read(reader);
			}
			proceed(reader);
		}
		catch (IOException ex) {
			lost(ex);
		}
	}

	private void proceed(PeerReader reader) throws IOException {
		while (!this.ended) {
			switch (this.state.next()) {
				case HALF_CLOSE -> {
					this.state.halfClosed();
					this.transport.shutdownOutput();
				}
				case LOOK -> read(reader);
				case WAIT -> {
					return;
				}
				case CLOSE -> end();
			}
		}
	}

	private void read(PeerReader reader) throws IOException {
		int received = reader.read(this.transport, decryptingEngine(), this.input);
		this.state.looked(received);
		if (received > 0) {
			this.term.progressed();
		}
		if (this.input.isCloseNotifyReceived()) {
			this.state.closeNotifyReceived();
		}
		else if (this.input.discarded() > this.settings.maxDiscard()) {
			this.connector.log().maxDiscardReached(this.settings.maxDiscard());
			this.state.limitReached();
		}
	}

	private @Nullable SSLEngine decryptingEngine() {
		return this.state.isDecrypting() ? this.engine : null;
	}

	// Writing, or reading, is no longer possible. The kernel's buffer may still contain
	// the peer's alert.
	private void lost(IOException failure) {
		boolean tls = failure instanceof SSLException;
		boolean peerFirst = !tls && !this.admitted && !(failure instanceof LocalCloseException);
		tls = tls || firstSteps().hasRestFailed(decryptingEngine());
		if (this.input.isCloseNotifyReceived()) {
			this.state.closeNotifyReceived();
		}
		this.state.broken(tls, peerFirst);
		end();
	}

	private void await() {
		this.admitted = this.connector.admit(this.settings.maxPending());
		switch (this.admitted ? this.transport.await(this) : Admission.UNAVAILABLE) {
			case ADMITTED -> {
				// This object belongs to the waiting thread
			}
			case STOPPED -> timeOut();
			case UNAVAILABLE -> {
				this.state.limitReached();
				end();
			}
		}
	}

	/**
	 * End the connection because its time has run out.
	 */
	public void timeOut() {
		this.state.timeOver(this.term.isSilent());
		end();
	}

	/**
	 * End the connection because of an internal error.
	 * @param cause the error
	 */
	public void endOnInternalError(Throwable cause) {
		this.connector.log().internalError(cause);
		this.state.internalError();
		end();
	}

	private void end() {
		if (this.ended) {
			return;
		}
		this.ended = true;
		this.input.clear();
		release();
		this.connector.ended(() -> this.report.event(this.state, this.input, this.term), this.admitted);
	}

	private void release() {
		try {
			this.transport.close();
			if (this.engine != null) {
				this.transport.release(this.engine);
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			logger.debug("Connection not released cleanly", ex);
		}
	}

	/**
	 * Return the transport.
	 * @return the transport this shutdown was made with
	 */
	public Transport transport() {
		return this.transport;
	}

	/**
	 * Return whether the connection is closed and the event published.
	 * @return whether there is nothing more to do
	 */
	public boolean isEnded() {
		return this.ended;
	}

	/**
	 * Return whether this shutdown waits until it can write (WANT_WRITE).
	 * @return whether it does
	 */
	public boolean isWriting() {
		return !this.transport.isFlushed();
	}

	/**
	 * Return whether this shutdown waits for something to read (WANT_READ).
	 * @return whether it does
	 */
	public boolean isReading() {
		return this.state.isReading();
	}

	/**
	 * Return how much time the peer has left: {@code timeout} since it last made
	 * progress, {@code max-wait} in all.
	 * @param now the current time, on the connector's clock
	 * @return the time in nanoseconds; not positive if it has run out
	 */
	public long nanosLeft(long now) {
		return this.term.nanosLeft(now);
	}

}
