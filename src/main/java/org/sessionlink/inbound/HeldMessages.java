package org.sessionlink.inbound;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The WebSocket messages of one socket that wait for a handler thread, or behind one that
 * does, in the order in which they came.
 *
 * <p>
 * Each change is one step under one lock. The thread that reads, one at a time, adds: a
 * message for a handler thread takes the socket, and whatever comes while the socket is
 * taken waits behind; where it is full, the reading thread waits. One handler thread at a
 * time takes messages out, and gives the socket back in the same step in which it finds
 * none left: so the reading thread either adds to a socket that is still worked for, or
 * finds that all which came before has been handled. Any thread closes, once: what waits
 * is dropped, as is all that comes afterwards while the socket is taken, and a reading
 * thread that waits goes on.
 */
final class HeldMessages {

	/** The most messages that wait, whatever their size. */
	static final int MOST = 64;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Queue<Held> waiting = new ArrayDeque<>();

	private final int mostBytes;

	private long bytes;

	// Written under the lock; only the reading thread sets it.
	private volatile boolean taken;

	private boolean closed;

	/** What becomes of a message. */
	enum Place {

		/** None: the thread that reads handles it. */
		NONE,

		/** The first one: a handler thread is needed. */
		FIRST,

		/** One behind others, for whose sake a handler thread comes anyway. */
		BEHIND

	}

	private record Held(WebSocketMessage<?> message, boolean blocks) {

		// A text's own length is that of a copy in UTF-8, which it then makes.
		int size() {
			return (this.message instanceof TextMessage text) ? text.getPayload().length()
					: this.message.getPayloadLength();
		}
	}

	/** Takes so many bytes, or one message of any size. */
	HeldMessages(int mostBytes) {
		this.mostBytes = mostBytes;
	}

	/** Returns whether a message would have to wait. */
	boolean isTaken() {
		return this.taken;
	}

	/**
	 * Adds a message, if it has to wait; waits for room itself.
	 * @param blocks whether it is one for a handler thread
	 */
	Place add(WebSocketMessage<?> message, boolean blocks) throws InterruptedException {
		Held held = new Held(message, blocks);
		this.lock.lockInterruptibly();
		try {
			while (this.taken && !this.closed && isFull(held.size())) {
				this.room.await();
			}
			if (!this.taken && !blocks) {
				return Place.NONE;
			}
			if (this.closed) {
				return Place.BEHIND;
			}
			Place place = this.taken ? Place.BEHIND : Place.FIRST;
			this.taken = true;
			this.waiting.add(held);
			this.bytes += held.size();
			return place;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isFull(int more) {
		return this.waiting.size() >= MOST || (!this.waiting.isEmpty() && this.bytes + more > this.mostBytes);
	}

	/** Takes the next message out, or gives the socket back where there is none. */
	@Nullable WebSocketMessage<?> next() {
		this.lock.lock();
		try {
			Held next = this.waiting.poll();
			if (next == null) {
				this.taken = false;
			}
			else {
				this.bytes -= next.size();
			}
			this.room.signal();
			return (next != null) ? next.message() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether the next message is one for a handler thread. */
	boolean isNextBlocking() {
		this.lock.lock();
		try {
			Held next = this.waiting.peek();
			return next != null && next.blocks();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Takes the first message back that no handler thread comes for. */
	void takeBack() {
		this.lock.lock();
		try {
			clear();
			this.taken = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Drops what waits, and what comes. */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			clear();
			this.room.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void clear() {
		this.waiting.clear();
		this.bytes = 0;
	}

}
