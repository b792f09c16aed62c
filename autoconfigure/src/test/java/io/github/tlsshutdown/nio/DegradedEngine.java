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

package io.github.tlsshutdown.nio;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

/**
 * An engine that does what others than the JDK's do, or might do, when a connection ends.
 */
final class DegradedEngine extends SSLEngine {

	private final SSLEngine delegate;

	private final Manner manner;

	private boolean alertOut;

	private int wraps;

	private byte[] alert = {};

	private int given;

	DegradedEngine(SSLEngine delegate, Manner manner) {
		this.delegate = delegate;
		this.manner = manner;
	}

	@Override
	public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) throws SSLException {
		this.wraps++;
		switch (this.manner) {
			case WRAP_GIVES_NOTHING -> {
				return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, 0, 0);
			}
			case WRAP_OVERFLOWS -> {
				return new SSLEngineResult(Status.BUFFER_OVERFLOW, HandshakeStatus.NEED_WRAP, 0, 0);
			}
			case WRAP_THROWS -> throw new IllegalStateException("wrap");
			case WRAP_IN_PARTS -> {
				return wrapInParts(srcs, offset, length, dst);
			}
			default -> {
			}
		}
		SSLEngineResult result = this.delegate.wrap(srcs, offset, length, dst);
		this.alertOut = this.delegate.isOutboundDone();
		return result;
	}

	private SSLEngineResult wrapInParts(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) throws SSLException {
		if (this.wraps == 1) {
			ByteBuffer whole = ByteBuffer.allocate(dst.capacity());
			this.delegate.wrap(srcs, offset, length, whole);
			this.alert = new byte[whole.flip().remaining()];
			whole.get(this.alert);
		}
		int part = Math.min(this.alert.length - this.given, 1 + this.alert.length / 3);
		dst.put(this.alert, this.given, part);
		this.given += part;
		this.alertOut = this.given == this.alert.length;
		return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, 0, part);
	}

	@Override
	public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
		if (this.alertOut) {
			switch (this.manner) {
				case DEAF_AND_SILENT, DEAF_UNTOLD -> {
					return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
				}
				case DEAF_AND_TAKING -> {
					int taken = src.remaining();
					src.position(src.limit());
					return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, taken, 0);
				}
				case DEAF_AND_THROWING -> throw new SSLException("The engine is closed");
				case UNWRAP_THROWS -> throw new IllegalStateException("unwrap");
				case UNWRAP_GIVES_NOTHING -> {
					return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0);
				}
				case UNWRAP_OVERFLOWS -> {
					return new SSLEngineResult(Status.BUFFER_OVERFLOW, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
				}
				default -> {
				}
			}
		}
		return this.delegate.unwrap(src, dsts, offset, length);
	}

	@Override
	public boolean isInboundDone() {
		return (this.manner.inboundDone && this.alertOut) || this.delegate.isInboundDone();
	}

	@Override
	public boolean isOutboundDone() {
		return (this.manner == Manner.WRAP_IN_PARTS) ? this.alertOut : this.delegate.isOutboundDone();
	}

	@Override
	public Runnable getDelegatedTask() {
		return this.delegate.getDelegatedTask();
	}

	@Override
	public void closeInbound() throws SSLException {
		this.delegate.closeInbound();
	}

	@Override
	public void closeOutbound() {
		if (this.manner == Manner.CLOSE_THROWS) {
			throw new IllegalStateException("closeOutbound");
		}
		this.delegate.closeOutbound();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return this.delegate.getSupportedCipherSuites();
	}

	@Override
	public String[] getEnabledCipherSuites() {
		return this.delegate.getEnabledCipherSuites();
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
		this.delegate.setEnabledCipherSuites(suites);
	}

	@Override
	public String[] getSupportedProtocols() {
		return this.delegate.getSupportedProtocols();
	}

	@Override
	public String[] getEnabledProtocols() {
		return this.delegate.getEnabledProtocols();
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
		this.delegate.setEnabledProtocols(protocols);
	}

	/**
	 * Return a session that calls the TLS version by a name of its own, and knows none
	 * any more when the alert is out.
	 */
	@Override
	public SSLSession getSession() {
		SSLSession session = this.delegate.getSession();
		return (SSLSession) Proxy.newProxyInstance(SSLSession.class.getClassLoader(),
				new Class<?>[] { SSLSession.class },
				(proxy, method, arguments) -> method.getName().equals("getProtocol")
						? (isOutboundDone() ? null : session.getProtocol()) + ":TLS"
						: method.invoke(session, arguments));
	}

	@Override
	public void beginHandshake() throws SSLException {
		this.delegate.beginHandshake();
	}

	@Override
	public HandshakeStatus getHandshakeStatus() {
		return this.delegate.getHandshakeStatus();
	}

	@Override
	public void setUseClientMode(boolean mode) {
		this.delegate.setUseClientMode(mode);
	}

	@Override
	public boolean getUseClientMode() {
		return this.delegate.getUseClientMode();
	}

	@Override
	public void setNeedClientAuth(boolean need) {
		this.delegate.setNeedClientAuth(need);
	}

	@Override
	public boolean getNeedClientAuth() {
		return this.delegate.getNeedClientAuth();
	}

	@Override
	public void setWantClientAuth(boolean want) {
		this.delegate.setWantClientAuth(want);
	}

	@Override
	public boolean getWantClientAuth() {
		return this.delegate.getWantClientAuth();
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
		this.delegate.setEnableSessionCreation(flag);
	}

	@Override
	public boolean getEnableSessionCreation() {
		return this.delegate.getEnableSessionCreation();
	}

	/** What an engine does when its own alert is out, or instead of giving it. */
	enum Manner {

		/** Calls its inbound side done, but goes on decrypting. */
		SAYS_INBOUND_DONE(true),

		/** Calls its inbound side done, has no keys any more, and takes nothing. */
		DEAF_AND_SILENT(true),

		/** Has no keys any more, and takes nothing. */
		DEAF_UNTOLD(false),

		/** Calls its inbound side done, has no keys any more, and takes anything. */
		DEAF_AND_TAKING(true),

		/** Calls its inbound side done, has no keys any more, and throws. */
		DEAF_AND_THROWING(true),

		/** Fails. */
		UNWRAP_THROWS(false),

		/** Takes nothing, as if it had something else to do. */
		UNWRAP_GIVES_NOTHING(false),

		/** Finds every buffer too small. */
		UNWRAP_OVERFLOWS(false),

		/** Gives its alert in several calls. */
		WRAP_IN_PARTS(false),

		/** Never gives its alert. */
		WRAP_GIVES_NOTHING(false),

		/** Finds every buffer too small. */
		WRAP_OVERFLOWS(false),

		/** Fails. */
		WRAP_THROWS(false),

		/** Fails to be closed. */
		CLOSE_THROWS(false);

		private final boolean inboundDone;

		Manner(boolean inboundDone) {
			this.inboundDone = inboundDone;
		}

	}

}
