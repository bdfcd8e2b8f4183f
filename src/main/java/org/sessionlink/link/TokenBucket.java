package org.sessionlink.link;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bucket that starts full and fills steadily; what is taken from it is one atomic step,
 * without a lock or a timer.
 *
 * <p>
 * It remembers one time: when it would be full again (the generic cell rate algorithm).
 */
final class TokenBucket {

	private final long nanosPerToken;

	private final long capacityNanos;

	private final AtomicLong fullAt;

	TokenBucket(int tokensPerSecond, int capacity, long now) {
		this.nanosPerToken = TimeUnit.SECONDS.toNanos(1) / tokensPerSecond;
		this.capacityNanos = capacity * this.nanosPerToken;
		this.fullAt = new AtomicLong(now);
	}

	/**
	 * Takes so many tokens if there are enough.
	 * @param now the time in nanoseconds, of the same clock as ever
	 */
	boolean take(int tokens, long now) {
		long seen;
		long next;
		do {
			seen = this.fullAt.get();
			// Compared by difference, as a clock of nanoseconds may overflow.
			next = ((seen - now > 0) ? seen : now) + tokens * this.nanosPerToken;
			if (next - now > this.capacityNanos) {
				return false;
			}
		}
		while (!this.fullAt.compareAndSet(seen, next));
		return true;
	}

}
