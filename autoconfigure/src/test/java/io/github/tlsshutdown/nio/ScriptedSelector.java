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

import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A selector of {@link ScriptedChannel}s, in the time of a {@link ScriptedWorld}. It
 * gives keys in any order, some of them later, and now and then one that is not ready.
 */
final class ScriptedSelector extends AbstractSelector {

	private final ScriptedWorld world;

	private final Set<SelectionKey> keys = new LinkedHashSet<>();

	private final Set<SelectionKey> selected = new LinkedHashSet<>();

	private boolean woken;

	ScriptedSelector(ScriptedWorld world) {
		super(world);
		this.world = world;
	}

	@Override
	public Set<SelectionKey> keys() {
		checkOpen();
		return Collections.unmodifiableSet(this.keys);
	}

	@Override
	public Set<SelectionKey> selectedKeys() {
		checkOpen();
		return this.selected;
	}

	@Override
	public int selectNow() {
		return doSelect(-1);
	}

	@Override
	public int select(long timeout) {
		return doSelect(timeout);
	}

	@Override
	public int select() {
		return doSelect(0);
	}

	@Override
	public Selector wakeup() {
		this.woken = true;
		this.world.cause();
		return this;
	}

	private int doSelect(long millis) {
		checkOpen();
		deregisterCancelled();
		this.world.sleep(millis, () -> this.woken || this.keys.stream().anyMatch(ScriptedSelector::isReady));
		deregisterCancelled();
		this.woken = false;
		List<SelectionKey> ready = new ArrayList<>();
		for (SelectionKey key : this.keys) {
			boolean spurious = this.world.random().nextInt(50) == 0;
			if (isReady(key) || spurious) {
				ready.add(key);
				if (spurious) {
					this.world.cause();
				}
			}
		}
		Collections.shuffle(ready, this.world.random());
		int given = (ready.isEmpty() || this.world.random().nextBoolean()) ? ready.size()
				: 1 + this.world.random().nextInt(ready.size());
		this.selected.addAll(ready.subList(0, given));
		return given;
	}

	private static boolean isReady(SelectionKey key) {
		return key.isValid() && (((ScriptedChannel) key.channel()).readyOps() & key.interestOps()) != 0;
	}

	private void deregisterCancelled() {
		Set<SelectionKey> cancelled = cancelledKeys();
		synchronized (cancelled) {
			for (SelectionKey key : cancelled) {
				this.keys.remove(key);
				this.selected.remove(key);
				deregister((AbstractSelectionKey) key);
			}
			cancelled.clear();
		}
	}

	private void checkOpen() {
		if (!isOpen()) {
			throw new ClosedSelectorException();
		}
	}

	@Override
	protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
		ScriptedKey key = new ScriptedKey(this, channel, ops);
		key.attach(attachment);
		this.keys.add(key);
		return key;
	}

	@Override
	protected void implCloseSelector() {
		deregisterCancelled();
		this.keys.forEach((key) -> this.world.defect("Still registered with the selector that is closed"));
	}

	private static final class ScriptedKey extends AbstractSelectionKey {

		private final ScriptedSelector selector;

		private final AbstractSelectableChannel channel;

		private int interestOps;

		ScriptedKey(ScriptedSelector selector, AbstractSelectableChannel channel, int interestOps) {
			this.selector = selector;
			this.channel = channel;
			this.interestOps = interestOps;
		}

		@Override
		public SelectableChannel channel() {
			return this.channel;
		}

		@Override
		public Selector selector() {
			return this.selector;
		}

		@Override
		public int interestOps() {
			return this.interestOps;
		}

		@Override
		public SelectionKey interestOps(int ops) {
			if (!isValid()) {
				throw new CancelledKeyException();
			}
			this.interestOps = ops;
			return this;
		}

		@Override
		public int readyOps() {
			return ((ScriptedChannel) this.channel).readyOps() & this.interestOps;
		}

	}

}
