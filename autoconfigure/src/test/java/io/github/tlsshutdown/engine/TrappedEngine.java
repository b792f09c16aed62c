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

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * An engine of which any call may fail, of a library other than the JDK.
 */
class TrappedEngine extends SSLEngine {

	private final SSLEngine delegate;

	private final Runnable trap;

	TrappedEngine(SSLEngine delegate, Runnable trap) {
		this.delegate = delegate;
		this.trap = trap;
	}

	private SSLEngine trapped() {
		this.trap.run();
		return this.delegate;
	}

	@Override
	public SSLEngineResult wrap(ByteBuffer[] srcs, int offset, int length, ByteBuffer dst) throws SSLException {
		return trapped().wrap(srcs, offset, length, dst);
	}

	@Override
	public SSLEngineResult unwrap(ByteBuffer src, ByteBuffer[] dsts, int offset, int length) throws SSLException {
		return trapped().unwrap(src, dsts, offset, length);
	}

	@Override
	public @Nullable Runnable getDelegatedTask() {
		return trapped().getDelegatedTask();
	}

	@Override
	public void closeInbound() throws SSLException {
		trapped().closeInbound();
	}

	@Override
	public boolean isInboundDone() {
		return trapped().isInboundDone();
	}

	@Override
	public void closeOutbound() {
		trapped().closeOutbound();
	}

	@Override
	public boolean isOutboundDone() {
		return trapped().isOutboundDone();
	}

	@Override
	public SSLSession getSession() {
		return trapped().getSession();
	}

	@Override
	public HandshakeStatus getHandshakeStatus() {
		return trapped().getHandshakeStatus();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		throw new UnsupportedOperationException();
	}

	@Override
	public String[] getEnabledCipherSuites() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String[] getSupportedProtocols() {
		throw new UnsupportedOperationException();
	}

	@Override
	public String[] getEnabledProtocols() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void beginHandshake() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setUseClientMode(boolean mode) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean getUseClientMode() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setNeedClientAuth(boolean need) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean getNeedClientAuth() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setWantClientAuth(boolean want) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean getWantClientAuth() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean getEnableSessionCreation() {
		throw new UnsupportedOperationException();
	}

}
