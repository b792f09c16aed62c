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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A socket whose other end is a script. It takes and gives bytes in parts of any size,
 * and notes what no correct program does with a socket.
 */
final class ScriptedChannel extends SocketChannel {

	private final ScriptedWorld world;

	private final InetSocketAddress remoteAddress;

	private final int largestPart;

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private byte[] incoming = {};

	private int read;

	private int reads;

	private int lastRead;

	private int available;

	private long capacity;

	private boolean endOfStream;

	private boolean reset;

	private boolean outputShut;

	private int ends;

	private int idleCalls;

	private long lastProgress = -1;

	private long cost = 20;

	private @Nullable Supplier<byte[]> more;

	private ScriptedChannel(ScriptedWorld world, int port, int largestPart) {
		super(world);
		this.world = world;
		this.largestPart = largestPart;
		this.remoteAddress = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * Create a channel that does not block.
	 * @param world where it is
	 * @param port the peer's port
	 * @param largestPart how many bytes are read or written at once; 0 for as many as
	 * possible
	 * @return the channel
	 */
	static ScriptedChannel create(ScriptedWorld world, int port, int largestPart) {
		ScriptedChannel channel = new ScriptedChannel(world, port, largestPart);
		try {
			channel.configureBlocking(false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return channel;
	}

	/**
	 * Set what the peer is going to send.
	 * @param incoming the bytes
	 */
	void setIncoming(byte[] incoming) {
		this.incoming = incoming;
	}

	/**
	 * Have a peer that never stops sending.
	 * @param more gives what it sends
	 * @param cost how long a read takes, in nanoseconds
	 */
	void setEndless(Supplier<byte[]> more, long cost) {
		this.more = more;
		this.cost = cost;
	}

	void arrive(int bytes) {
		this.available += bytes;
	}

	void take(long bytes) {
		this.capacity += bytes;
	}

	void end() {
		this.endOfStream = true;
	}

	void reset() {
		this.reset = true;
	}

	/**
	 * Note bytes that were written before.
	 * @param bytes the bytes
	 */
	void alreadyWritten(byte[] bytes) {
		this.written.writeBytes(bytes);
	}

	byte[] written() {
		return this.written.toByteArray();
	}

	int bytesRead() {
		return this.read;
	}

	/**
	 * Return how often it was read from.
	 * @return the number, with reads that gave nothing
	 */
	int reads() {
		return this.reads;
	}

	/**
	 * Return what the last read gave.
	 * @return the number of bytes; -1 for the end of the stream, 0 for a failure, too
	 */
	int lastRead() {
		return this.lastRead;
	}

	boolean isOutputShut() {
		return this.outputShut;
	}

	/**
	 * Return when a byte was last read or written.
	 * @return the time; -1 if none ever was
	 */
	long lastProgress() {
		return this.lastProgress;
	}

	/**
	 * Return how often a read or write gave nothing.
	 * @return the number
	 */
	int idleCalls() {
		return this.idleCalls;
	}

	int readyOps() {
		boolean readable = this.available > 0 || this.more != null || this.endOfStream || this.reset;
		boolean writable = this.capacity > 0 || this.reset;
		return (readable ? SelectionKey.OP_READ : 0) | (writable ? SelectionKey.OP_WRITE : 0);
	}

	@Override
	public int read(ByteBuffer dst) throws IOException {
		this.reads++;
		this.lastRead = 0;
		this.lastRead = doRead(dst);
		return this.lastRead;
	}

	private int doRead(ByteBuffer dst) throws IOException {
		this.world.step(1 + this.world.random().nextInt(20));
		checkOpen();
		if (this.reset && this.available == 0) {
			// What came before the reset can be read
			throw new IOException("Connection reset by peer");
		}
		if (this.available == 0 && this.more != null) {
			this.incoming = this.more.get();
			this.read = 0;
			this.available = this.incoming.length;
			this.world.step(this.cost);
		}
		if (this.available == 0 && this.endOfStream) {
			if (++this.ends > 1) {
				this.world.defect("Read beyond the end of the stream");
			}
			return -1;
		}
		int part = Math.min(part(dst), this.available);
		if (part == 0) {
			if (!dst.hasRemaining()) {
				this.world.defect("Read into a buffer that is full");
			}
			this.idleCalls++;
			return 0;
		}
		dst.put(this.incoming, this.read, part);
		this.read += part;
		this.available -= part;
		progressed();
		return part;
	}

	@Override
	public int write(ByteBuffer src) throws IOException {
		this.world.step(1 + this.world.random().nextInt(20));
		checkOpen();
		if (this.outputShut) {
			this.world.defect("Written after the output was shut");
			throw new ClosedChannelException();
		}
		if (!src.hasRemaining()) {
			return 0;
		}
		if (this.reset) {
			throw new IOException("Broken pipe");
		}
		int part = (int) Math.min(part(src), this.capacity);
		if (part == 0) {
			this.idleCalls++;
			return 0;
		}
		for (int i = 0; i < part; i++) {
			this.written.write(src.get());
		}
		this.capacity -= part;
		progressed();
		return part;
	}

	private int part(ByteBuffer buffer) {
		Random random = this.world.random();
		return Math.min(buffer.remaining(),
				(this.largestPart == 0) ? Integer.MAX_VALUE : 1 + random.nextInt(this.largestPart));
	}

	private void progressed() {
		this.lastProgress = this.world.elapsed();
		this.world.cause();
		this.world.cause();
	}

	private void checkOpen() throws ClosedChannelException {
		if (!isOpen()) {
			this.world.defect("Used after it was closed");
			throw new ClosedChannelException();
		}
	}

	@Override
	public SocketChannel shutdownOutput() throws IOException {
		checkOpen();
		if (this.outputShut) {
			this.world.defect("Output shut twice");
		}
		this.outputShut = true;
		return this;
	}

	@Override
	protected void implCloseSelectableChannel() {
		this.world.step(1);
	}

	@Override
	protected void implConfigureBlocking(boolean block) {
		// Never blocks
	}

	@Override
	public SocketAddress getRemoteAddress() {
		return this.remoteAddress;
	}

	@Override
	public long read(ByteBuffer[] dsts, int offset, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public long write(ByteBuffer[] srcs, int offset, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public SocketChannel bind(SocketAddress local) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> SocketChannel setOption(SocketOption<T> name, T value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> T getOption(SocketOption<T> name) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

	@Override
	public SocketChannel shutdownInput() {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket socket() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isConnected() {
		return true;
	}

	@Override
	public boolean isConnectionPending() {
		return false;
	}

	@Override
	public boolean connect(SocketAddress remote) {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean finishConnect() {
		return true;
	}

	@Override
	public SocketAddress getLocalAddress() {
		return this.remoteAddress;
	}

}
