package org.sessionlink.link;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one timer of a link: looks at the time when something is due, does it, and moves
 * itself to what comes next, whatever became of it (B41).
 *
 * <p>
 * Safe for use by any thread. What it remembers changes under its lock, by whoever looks;
 * what is to be done takes other threads, and is only handed over there. Listeners are
 * told under it as well, which puts the news into their mailboxes in the right order.
 * Where several servers share the link, the timer asks the {@link LinkStore} before it
 * warns or ends: one question at a time, by one compare-and-set.
 */
final class LinkTimer {

	private static final Logger logger = LoggerFactory.getLogger(LinkTimer.class);

	/** Of a link that is due, and of which the store has not said so yet. */
	private static final Duration ASK_AGAIN = Duration.ofMillis(500);

	private final Link link;

	private final Links links;

	private final Lifetime lifetime;

	private final AtomicBoolean touching = new AtomicBoolean();

	private final AtomicBoolean asking = new AtomicBoolean();

	private volatile boolean warned;

	private volatile boolean quiet;

	private volatile long answered = Lifetime.NEVER;

	private long lastTouch;

	private @Nullable Future<?> next;

	LinkTimer(Link link, Links links, Lifetime lifetime) {
		this.link = link;
		this.links = links;
		this.lifetime = lifetime;
		this.lastTouch = lifetime.age();
	}

	/** Returns whether clients were warned, and the warning was not taken back. */
	boolean isWarning() {
		return this.warned;
	}

	/** Returns whether a use is to be told of at once: {@link #tickSoon} does. */
	boolean isAttentive() {
		return this.warned || this.quiet;
	}

	/** Looks at the time; may come at any time, any number of times. */
	void tick() {
		Due due = look();
		if (due != null && this.link.end(due.cause)) {
			this.links.timings().took(Timed.EXPIRY_LATENESS, due.lateNanos);
		}
	}

	/** Looks at the time as soon as possible, on the clock's thread. */
	void tickSoon() {
		this.quiet = false;
		this.links.clock().schedule(this::tick, Duration.ZERO);
	}

	/** Takes note that somebody asked for more time, and tells so. */
	void extended() {
		synchronized (this) {
			// So that the timer does not tell the same once more.
			this.warned = false;
			Duration remaining = this.lifetime.remaining();
			if (remaining != null) {
				this.links.tell((listener) -> listener.extended(this.link, remaining));
			}
		}
		tickSoon();
	}

	synchronized void stop() {
		if (this.next != null) {
			this.next.cancel(false);
			this.next = null;
		}
	}

	/** That the time of the link is over, and since when. */
	private record Due(EndCause cause, long lateNanos) {
	}

	private synchronized @Nullable Due look() {
		if (this.link.endCause() != null) {
			return null;
		}
		this.lifetime.forgetLostRequests();
		long age = this.lifetime.age();
		if (age >= this.lifetime.greatestAge()) {
			return new Due(EndCause.MAX_AGE, age - this.lifetime.greatestAge());
		}
		boolean due = age >= this.lifetime.deadline();
		if (due && !this.links.store().isShared()) {
			return new Due(EndCause.EXPIRED, age - this.lifetime.deadline());
		}
		try {
			if (due) {
				ask();
			}
			else {
				warnOrTakeBack(this.lifetime.deadline() - age);
				touchIfUsed(age);
			}
		}
		finally {
			scheduleNext(age);
		}
		return null;
	}

	// Where several servers share the link, it may have been used elsewhere.
	private void ask() {
		if (this.asking.compareAndSet(false, true)) {
			this.links.clock().execute(Crew.TOUCHING, this.link, this::askStore);
		}
	}

	private void askStore() {
		boolean open = this.link.endCause() == null;
		try {
			this.links.store().ask(this.link);
			this.answered = this.lifetime.lastUse();
		}
		finally {
			this.asking.set(false);
		}
		if (open && this.link.endCause() == EndCause.EXPIRED) {
			this.links.timings()
				.took(Timed.EXPIRY_LATENESS, Math.max(0, this.lifetime.age() - this.lifetime.deadline()));
		}
		if (this.lifetime.deadline() > this.lifetime.age()) {
			tickSoon();
		}
	}

	private void warnOrTakeBack(long remainingNanos) {
		boolean near = remainingNanos <= this.lifetime.warning();
		if (near == this.warned) {
			return;
		}
		if (near && this.links.store().isShared() && this.answered != this.lifetime.lastUse()) {
			ask();
			return;
		}
		this.warned = near;
		Duration remaining = Duration.ofNanos(remainingNanos);
		this.links.tell((listener) -> {
			if (near) {
				listener.expiring(this.link, remaining);
			}
			else {
				listener.extended(this.link, remaining);
			}
		});
	}

	private void touchIfUsed(long age) {
		if (this.lifetime.lastUse() > this.lastTouch && age - this.lastTouch >= this.lifetime.touchInterval()
				&& this.touching.compareAndSet(false, true)) {
			this.lastTouch = age;
			this.links.clock().execute(Crew.TOUCHING, this.link, this::touch);
		}
		this.quiet = this.links.store().isShared() && this.lifetime.lastUse() <= this.lastTouch;
	}

	private void touch() {
		boolean heard = false;
		try {
			heard = this.link.endCause() != null || this.link.home().touch();
		}
		finally {
			this.touching.set(false);
			touched(heard);
		}
	}

	private void touched(boolean heard) {
		if (heard) {
			this.lifetime.heard();
			// Whoever holds the session may have changed it.
			this.link.changeTimeout(this.link.home().timeout());
		}
		else if (this.lifetime.unheard()) {
			logger.warn(
					"The container cannot be told that the HTTP session of {} is in use: "
							+ "it ends by its timeout unless a request comes. Look at the container's session store",
					this.link);
			tickSoon();
		}
	}

	private void scheduleNext(long age) {
		long at = this.lifetime.deadline();
		if (!this.warned && at != Lifetime.NEVER) {
			at = Math.max(age + 1, at - this.lifetime.warning());
		}
		long toTouch = this.lifetime.touchInterval();
		if (toTouch != Lifetime.NEVER) {
			at = Math.min(at, age + toTouch);
		}
		stop();
		if (at != Lifetime.NEVER) {
			this.next = this.links.clock().schedule(this::tick, (at > age) ? Duration.ofNanos(at - age) : ASK_AGAIN);
		}
	}

}
