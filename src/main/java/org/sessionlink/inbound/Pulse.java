package org.sessionlink.inbound;

import java.util.concurrent.TimeUnit;

/**
 * How often one socket's heart-beats may come without being paid for: at the pace that
 * its CONNECT and the server agreed on (STOMP 1.2, "Heart-beating"), a few of them early.
 *
 * <p>
 * The pace is set once, as the CONNECT is let through, by a volatile write; the rest is
 * the reading thread's.
 */
final class Pulse {

	private static final int EARLY = 3;

	private volatile long intervalNanos;

	private boolean begun;

	private long nextDue;

	/**
	 * Sets the pace.
	 * @param clientMillis how often the client can send one, 0 for never
	 * @param serverMillis how often the server wants to have one, 0 for never
	 */
	void agree(long clientMillis, long serverMillis) {
		this.intervalNanos = (clientMillis > 0 && serverMillis > 0)
				? TimeUnit.MILLISECONDS.toNanos(Math.max(clientMillis, serverMillis)) : 0;
	}

	/** Returns whether one that comes now has been agreed on. */
	boolean allows(long now) {
		long interval = this.intervalNanos;
		// Compared by difference, as a clock of nanoseconds starts anywhere and may
		// overflow.
		long next = ((this.begun && this.nextDue - now > 0) ? this.nextDue : now) + interval;
		if (interval == 0 || next - now > EARLY * interval) {
			return false;
		}
		this.begun = true;
		this.nextDue = next;
		return true;
	}

}
