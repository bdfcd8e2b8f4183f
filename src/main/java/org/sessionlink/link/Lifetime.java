package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How long a link lasts: by the timeout of its HTTP session after its last use, and by
 * the greatest age (B7, B10). Arithmetic only; all times are ages of the link in
 * nanoseconds, and {@link #NEVER} stands for none.
 *
 * <p>
 * Safe for use by any thread: every frame and request moves the last use, and whoever
 * brings the session its timeout, by one volatile write each.
 */
final class Lifetime {

	static final long NEVER = Long.MAX_VALUE;

	/**
	 * How far behind the activity the container's own clock may be, as part of the
	 * timeout.
	 */
	private static final int TOUCHES_PER_TIMEOUT = 10;

	private static final Duration LONGEST_TOUCH_INTERVAL = Duration.ofMinutes(1);

	private final LinkClock clock;

	private final LinkPolicy policy;

	private final Instant createdAt;

	private final long createdNanos;

	private volatile long timeout;

	private volatile long lastUse;

	/**
	 * Makes it of a link that is used now.
	 * @param createdAt when the HTTP session was created; a time to come counts as now
	 */
	Lifetime(LinkClock clock, LinkPolicy policy, Instant createdAt, Duration timeout) {
		Instant now = clock.now();
		this.clock = clock;
		this.policy = policy;
		this.createdAt = createdAt.isAfter(now) ? now : createdAt;
		this.lastUse = clock.nanoTime();
		this.createdNanos = this.lastUse - Duration.between(this.createdAt, now).toNanos();
		this.timeout = nanos(timeout);
	}

	/** Takes note that the link is used now. */
	void used() {
		this.lastUse = this.clock.nanoTime();
	}

	/** Returns whether this is another timeout than before. */
	boolean changeTimeout(Duration now) {
		long before = this.timeout;
		this.timeout = nanos(now);
		return before != this.timeout;
	}

	Instant createdAt() {
		return this.createdAt;
	}

	Instant lastUsedAt() {
		return this.clock.now().minusNanos(this.clock.nanoTime() - this.lastUse);
	}

	@Nullable Duration timeout() {
		return (this.timeout > 0) ? Duration.ofNanos(this.timeout) : null;
	}

	@Nullable Duration remaining() {
		long deadline = deadline();
		return (deadline != NEVER) ? Duration.ofNanos(Math.max(0, deadline - age())) : null;
	}

	long age() {
		return this.clock.nanoTime() - this.createdNanos;
	}

	long lastUse() {
		return this.lastUse - this.createdNanos;
	}

	boolean isDue() {
		return age() >= deadline();
	}

	/** Returns when the timeout or the greatest age is reached. */
	long deadline() {
		long afterLastUse = this.timeout;
		return Math.min((afterLastUse > 0) ? lastUse() + afterLastUse : NEVER, greatestAge());
	}

	long greatestAge() {
		Duration maxAge = this.policy.maxAge();
		return (maxAge != null) ? maxAge.toNanos() : NEVER;
	}

	/** Returns how long before the deadline clients are warned. */
	long warning() {
		// A warning as long as the timeout itself would never be taken back.
		long afterLastUse = this.timeout;
		long warning = this.policy.expiryWarning().toNanos();
		return (afterLastUse > 0) ? Math.min(warning, afterLastUse / 2) : warning;
	}

	/** Returns how far the container's own clock may be behind. */
	long touchInterval() {
		return (this.timeout > 0) ? Math.min(this.timeout / TOUCHES_PER_TIMEOUT, LONGEST_TOUCH_INTERVAL.toNanos())
				: NEVER;
	}

	private static long nanos(Duration timeout) {
		return (timeout.isNegative() || timeout.isZero()) ? 0 : timeout.toNanos();
	}

}
