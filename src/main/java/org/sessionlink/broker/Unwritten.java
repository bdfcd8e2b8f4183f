package org.sessionlink.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

import org.sessionlink.link.Refused;

/**
 * What waits to be written over one connection to the broker, and the room that it takes
 * of what may wait over all of them. Used under the lock of its {@link RelayOutput}.
 */
final class Unwritten {

	/** So much may wait; a broker that leaves more unread is taken for broken. */
	static final int MOST = 8 * 1024 * 1024;

	/** What each part costs beside its bytes. */
	private static final int BESIDE = 64;

	private static final int AT_ONCE = 64;

	private final Deque<ByteBuffer> parts = new ArrayDeque<>();

	private final Allowance all;

	private long bytes;

	private long taken;

	/**
	 * Makes it empty.
	 * @param all what may wait over all connections
	 */
	Unwritten(Allowance all) {
		this.all = all;
	}

	/** Adds a part; whoever has added all {@linkplain #settle() settles} it. */
	void add(ByteBuffer part) {
		this.bytes += part.remaining();
		this.parts.add(part);
	}

	boolean isEmpty() {
		return this.parts.isEmpty();
	}

	long bytes() {
		return this.bytes;
	}

	/** Returns whether so much more may wait here, whatever waits elsewhere. */
	boolean hasRoom(int more) {
		return isEmpty() || size() + more <= MOST;
	}

	private long size() {
		return this.bytes + (long) this.parts.size() * BESIDE;
	}

	/** Writes as much as a channel takes; returns whether that was anything. */
	boolean write(SocketChannel channel) throws IOException {
		boolean any = false;
		boolean taken = true;
		while (taken && !isEmpty()) {
			ByteBuffer[] some = this.parts.stream().limit(AT_ONCE).toArray(ByteBuffer[]::new);
			long written = (some.length == 1) ? channel.write(some[0]) : channel.write(some);
			this.bytes -= written;
			any |= written > 0;
			taken = !some[some.length - 1].hasRemaining();
			while (!isEmpty() && !this.parts.element().hasRemaining()) {
				this.parts.remove();
			}
		}
		return any;
	}

	/** Takes room for what waits now, or fails where there is none. */
	void settle() throws NotSent {
		// Mostly nothing waits, and nothing did.
		if (size() != this.taken) {
			if (!this.all.exchange(this.taken, size())) {
				throw new NotSent(Refused.BROKER_SLOW);
			}
			this.taken = size();
		}
	}

	/** Throws all away. */
	void clear() {
		this.parts.clear();
		this.bytes = 0;
		this.all.exchange(this.taken, 0);
		this.taken = 0;
	}

}
