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

import java.util.Locale;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

import io.github.tlsshutdown.TlsShutdownEvent;

/**
 * The end of a TLS connection, as a JDK Flight Recorder event. Its start time is the TCP
 * close.
 */
@Name("io.github.tlsshutdown.TlsShutdown")
@Label("TLS Shutdown")
@Description("The end of a TLS connection")
@Category({ "Java Application", "TLS" })
@Enabled(false)
@StackTrace(false)
final class TlsShutdownFlightEvent extends Event {

	@Label("Connector")
	private @Nullable String connector;

	@Label("Remote Address")
	private @Nullable String remoteAddress;

	@Label("Outcome")
	private @Nullable String outcome;

	@Label("No Handshake Reason")
	private @Nullable String noHandshakeReason;

	@Label("Shutdown Duration")
	@Description("Time from the first step of the shutdown to the TCP close")
	@Timespan(Timespan.NANOSECONDS)
	private long shutdownDuration;

	@Label("Policy")
	private @Nullable String policy;

	@Label("Decided By")
	private @Nullable String decidedBy;

	@Label("Initiator")
	private @Nullable String initiator;

	@Label("Protocol")
	private @Nullable String protocol;

	@Label("Cipher Suite")
	private @Nullable String cipherSuite;

	@Label("Application Protocol")
	private @Nullable String applicationProtocol;

	@Label("Server Name")
	private @Nullable String serverName;

	@Label("Close Notify Sent")
	private boolean closeNotifySent;

	@Label("Close Notify Received")
	private boolean closeNotifyReceived;

	@Label("Discarded Bytes")
	@DataAmount
	private long discardedBytes;

	@Label("Truncated")
	private @Nullable String truncated;

	@Label("Unread")
	private @Nullable String unread;

	void record(TlsShutdownEvent event) {
		this.connector = event.connector();
		this.remoteAddress = event.remoteHostAndPort();
		this.outcome = lower(event.outcome());
		this.noHandshakeReason = lower(event.noHandshakeReason());
		this.shutdownDuration = event.duration().toNanos();
		this.policy = lower(event.policy());
		this.decidedBy = event.decidedBy();
		this.initiator = lower(event.initiator());
		this.protocol = event.protocol();
		this.cipherSuite = event.cipherSuite();
		this.applicationProtocol = event.applicationProtocol();
		this.serverName = event.serverName();
		this.closeNotifySent = event.closeNotifySent();
		this.closeNotifyReceived = event.closeNotifyReceived();
		this.discardedBytes = event.discardedBytes();
		this.truncated = lower(event.truncated());
		this.unread = lower(event.unread());
		commit();
	}

	private static @Nullable String lower(@Nullable Enum<?> constant) {
		return (constant != null) ? constant.name().toLowerCase(Locale.ROOT) : null;
	}

}
