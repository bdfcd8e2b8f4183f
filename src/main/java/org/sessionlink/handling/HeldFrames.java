package org.sessionlink.handling;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.inbound.Frame;

/**
 * The frames of one socket that wait for their turn, in the order in which they came.
 *
 * <p>
 * Each change is one step under one lock. Whoever adds to a socket that nobody works for
 * takes it, and works; who works gives the socket back in the same step in which it finds
 * none left: so whoever adds either adds to a socket that is still worked for, or finds
 * that all which came before has been handled. Any thread closes, once.
 */
final class HeldFrames {

	/** The most frames that may wait, whatever their size. */
	static final int MOST = 64;

	/**
	 * Undertow parses a buffer of 16 KB, and hands on what is in it, before it listens.
	 */
	static final int MOST_READ_AHEAD = 16 * MOST;

	private final Deque<Held> waiting = new ArrayDeque<>(1);

	private final int mostBytes;

	private long bytes;

	private boolean taken;

	private boolean closed;

	private record Held(Frame frame, int size) {
	}

	/** Is full with so many bytes. */
	HeldFrames(int mostBytes) {
		this.mostBytes = mostBytes;
	}

	/**
	 * Adds frames; returns whether the socket was free, and is now taken by the caller.
	 */
	synchronized boolean add(List<Frame> frames) {
		if (this.closed) {
			return false;
		}
		frames.forEach(this::put);
		boolean free = !this.taken;
		this.taken = true;
		return free;
	}

	private void put(Frame frame) {
		Held last = this.waiting.peekLast();
		// A client that does nothing else must not fill it.
		if (last == null || !frame.isHeartbeat() || !last.frame().isHeartbeat()) {
			// What is handled at once needs no counting.
			Held held = new Held(frame, this.taken ? frame.size() : 0);
			this.waiting.add(held);
			this.bytes += held.size();
		}
	}

	/** Takes the next frame out, or gives the socket back where there is none. */
	synchronized @Nullable Frame next() {
		Held next = this.waiting.poll();
		if (next == null) {
			this.taken = false;
			return null;
		}
		this.bytes -= next.size();
		return next.frame();
	}

	/** Returns whether as much waits as may. */
	synchronized boolean isFull() {
		return this.waiting.size() >= MOST || this.bytes >= this.mostBytes;
	}

	/**
	 * Returns whether far more waits than may, beyond what a container can have read
	 * before it stopped.
	 */
	synchronized boolean isOver() {
		return this.waiting.size() >= MOST_READ_AHEAD || this.bytes >= 4L * this.mostBytes;
	}

	/** Returns whether there is room for much more. */
	synchronized boolean hasRoom() {
		return this.waiting.size() <= MOST / 2 && this.bytes <= this.mostBytes / 2;
	}

	/** Drops what waits, and what comes. */
	synchronized void close() {
		this.closed = true;
		this.waiting.clear();
		this.bytes = 0;
	}

	synchronized boolean isClosed() {
		return this.closed;
	}

}
