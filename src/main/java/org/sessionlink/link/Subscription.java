package org.sessionlink.link;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * What one socket has subscribed to under one id, with a gate of its own that is asked
 * before each of its messages is written: once it is shut nothing more goes out, however
 * much waits (B12, B13).
 *
 * <p>
 * Safe for use by any thread. The gate is shut by whoever revokes it, in one step under
 * the monitor, and stays so. That of one which the client has ended itself is left as it
 * was, for what waits: until the next time that anything is revoked here.
 */
public final class Subscription implements BooleanSupplier {

	private static final int NEVER = -1;

	private final String id;

	private final String destination;

	private final long since;

	private final IntSupplier revocations;

	private volatile boolean revoked;

	private volatile int ended = NEVER;

	Subscription(String id, String destination, long since, IntSupplier revocations) {
		this.revocations = revocations;
		this.id = id;
		this.destination = destination;
		this.since = since;
	}

	/** Returns the id that the client gave it. */
	public String id() {
		return this.id;
	}

	/** Returns the destination that the client has asked for. */
	public String destination() {
		return this.destination;
	}

	/**
	 * Returns whether it is for this subscription what was begun to be published at a
	 * time, in nanoseconds of the clock; if not it was for an older one with the same id.
	 */
	public boolean isOlderThan(long published) {
		return this.since - published <= 0;
	}

	/** Returns whether its messages may go out. */
	@Override
	public boolean getAsBoolean() {
		int end = this.ended;
		return !this.revoked && (end == NEVER || end == this.revocations.getAsInt());
	}

	boolean isRevoked() {
		return this.revoked;
	}

	/** Shuts the gate; returns whether it was open. */
	synchronized boolean shut() {
		boolean first = !this.revoked;
		this.revoked = true;
		return first;
	}

	/** Remembers that the client has ended it, after so many revocations. */
	void endedAfter(int count) {
		this.ended = count;
	}

}
