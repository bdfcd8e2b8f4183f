package org.sessionlink.broker;

import java.time.Duration;

import org.sessionlink.link.LinkClock;

/**
 * Counts what the log is to have at most every ten seconds, as strangers can cause it.
 * Any thread adds to it, in one step under the monitor.
 */
final class Seldom {

	private static final long PAUSE = Duration.ofSeconds(10).toNanos();

	private final LinkClock clock;

	private long unsaid;

	private long saidAt;

	Seldom(LinkClock clock) {
		this.clock = clock;
		this.saidAt = clock.nanoTime() - PAUSE;
	}

	/** Adds so many; returns how many are to be said now, which mostly are none. */
	synchronized long add(int more) {
		this.unsaid += more;
		long now = this.clock.nanoTime();
		if (now - this.saidAt < PAUSE) {
			return 0;
		}
		long count = this.unsaid;
		this.unsaid = 0;
		this.saidAt = now;
		return count;
	}

}
