package org.sessionlink.link;

import java.util.function.BooleanSupplier;

/**
 * What one socket has subscribed to under one id, with a gate of its own that is asked
 * before each of its messages is written: once it is shut nothing more goes out, however
 * much waits (B12, B13).
 *
 * <p>
 * Safe for use by any thread: the gate is one volatile field, and stays shut.
 */
public final class Subscription implements BooleanSupplier {

	private final String id;

	private final String destination;

	private final long since;

	private volatile boolean revoked;

	Subscription(String id, String destination, long since) {
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
		return !this.revoked;
	}

	void shut() {
		this.revoked = true;
	}

}
