package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * How long a link lasts: by the timeout of its HTTP session after its last use, and by
 * the greatest age (B7, B10). A request in progress uses it all the time (B43); a use
 * that the container does not hear of does not count for long, as it would end the
 * session. Arithmetic only; all times are ages of the link in nanoseconds, and
 * {@link #NEVER} stands for none.
 *
 * <p>
 * Safe for use by any thread: every frame and request moves the last use, whoever brings
 * the session its timeout, and whoever tells the container of its use whether it heard,
 * by one volatile write each; whoever has heard of a use elsewhere moves the last use by
 * one compare-and-set, and only forward. Requests in progress come and go under the lock
 * of their set, which keeps none of them.
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

	private final AtomicLong lastUse = new AtomicLong();

	private final Set<Object> requests = Collections.newSetFromMap(new WeakHashMap<>());

	private volatile boolean inUse;

	private volatile long lastRequest = NEVER;

	private volatile long lastHeard;

	private volatile boolean unheard;

	/**
	 * Makes it of a link.
	 * @param createdAt when the HTTP session was created; a time to come counts as now,
	 * unless another server's clock has said so
	 * @param home where it lives
	 */
	Lifetime(LinkClock clock, LinkPolicy policy, Instant createdAt, Home home) {
		Instant now = clock.now();
		Duration age = home.age();
		this.clock = clock;
		this.policy = policy;
		this.createdAt = (age == null && createdAt.isAfter(now)) ? now : createdAt;
		long nanos = clock.nanoTime();
		this.lastUse.set(nanos - home.idle().toNanos());
		this.createdNanos = nanos - ((age != null) ? age : Duration.between(this.createdAt, now)).toNanos();
		this.lastHeard = age();
		this.timeout = nanos(home.timeout());
	}

	/** Takes note that the link is used now. */
	void used() {
		this.lastUse.set(this.clock.nanoTime());
	}

	/**
	 * Takes note of a use elsewhere.
	 * @return whether that was later than all that was known
	 */
	boolean usedElsewhere(Duration ago) {
		long use = this.clock.nanoTime() - ago.toNanos();
		long known = this.lastUse.get();
		while (use - known > 0) {
			if (this.lastUse.compareAndSet(known, use)) {
				heard();
				return true;
			}
			known = this.lastUse.get();
		}
		return false;
	}

	/** Takes note that a request is in progress. */
	void requestBegins(Object request) {
		synchronized (this.requests) {
			this.requests.add(request);
			this.inUse = true;
		}
		heard();
	}

	/** Takes note that a request is no longer in progress, which is a use. */
	void requestEnds(Object request) {
		used();
		heard();
		this.lastRequest = age();
		synchronized (this.requests) {
			this.requests.remove(request);
			this.inUse = !this.requests.isEmpty();
		}
	}

	/** Takes note that a request in progress is no use at all. */
	void requestIsNone(Object request) {
		synchronized (this.requests) {
			this.requests.remove(request);
			this.inUse = !this.requests.isEmpty();
		}
	}

	/**
	 * Forgets requests that are gone without their end: Tomcat tells no listener of that
	 * behind one that throws.
	 */
	void forgetLostRequests() {
		if (this.inUse) {
			synchronized (this.requests) {
				this.inUse = !this.requests.isEmpty();
			}
		}
	}

	/** Takes note that the container knows that the session is used now. */
	void heard() {
		this.lastHeard = age();
		this.unheard = false;
	}

	/**
	 * Takes note that the container could not be told of a use.
	 * @return whether that is news
	 */
	boolean unheard() {
		boolean before = this.unheard;
		this.unheard = true;
		return !before;
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
		return this.clock.now().minusNanos(age() - lastUse());
	}

	Duration idle() {
		return Duration.ofNanos(Math.max(0, age() - lastUse()));
	}

	/** Returns how long ago that was; null for never. */
	@Nullable Duration lastRequest() {
		long last = this.inUse ? age() : this.lastRequest;
		return (last != NEVER) ? Duration.ofNanos(Math.max(0, age() - last)) : null;
	}

	@Nullable Duration timeout() {
		return (this.timeout > 0) ? Duration.ofNanos(this.timeout) : null;
	}

	@Nullable Duration remaining() {
		long deadline = deadline();
		return (deadline != NEVER) ? Duration.ofNanos(Math.max(0, deadline - age())) : null;
	}

	@Nullable Duration ageRemaining() {
		long greatest = greatestAge();
		return (greatest != NEVER) ? Duration.ofNanos(Math.max(0, greatest - age())) : null;
	}

	long age() {
		return this.clock.nanoTime() - this.createdNanos;
	}

	long lastUse() {
		return this.inUse ? age() : this.lastUse.get() - this.createdNanos;
	}

	// What the container has not heard of keeps no session.
	private long lastCounted() {
		return this.unheard ? Math.min(lastUse(), this.lastHeard) : lastUse();
	}

	boolean isDue() {
		return age() >= deadline();
	}

	/** Returns when the timeout or the greatest age is reached. */
	long deadline() {
		long afterLastUse = this.timeout;
		return Math.min((afterLastUse > 0) ? lastCounted() + afterLastUse : NEVER, greatestAge());
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
