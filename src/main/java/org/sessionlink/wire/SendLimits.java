package org.sessionlink.wire;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

/**
 * Whether the client of a socket reads too slowly (B27): never if it takes what it is
 * offered, however much waits behind that. Used by an {@link Outbox} in its own atomic
 * steps; at most one timer runs.
 */
final class SendLimits {

	/** A peer that takes nothing for so long of what it is offered reads too slowly. */
	static final Duration SLOW = Duration.ofSeconds(1);

	private static final Duration SOON = Duration.ofMillis(100);

	private final LinkClock clock;

	private final Duration limit;

	private final Backlog backlog;

	private final Pen pen;

	private final Runnable look;

	private @Nullable Future<?> timer;

	private long begun;

	// Of the oldest thing under way that its client cannot do without.
	private @Nullable Long since;

	/**
	 * Makes the limits of a socket.
	 * @param limit the longest that a message may wait; 0 for ever
	 * @param look what the timer does
	 */
	SendLimits(LinkClock clock, Duration limit, Backlog backlog, Pen pen, Runnable look) {
		this.clock = clock;
		this.limit = limit;
		this.backlog = backlog;
		this.pen = pen;
		this.look = look;
	}

	/** Remembers what is written from now on: with no message it is a ping. */
	void begin(List<Outgoing> messages) {
		this.begun = this.clock.nanoTime();
		this.since = messages.isEmpty() ? this.begun : null;
		for (int i = 0; i < messages.size() && this.since == null; i++) {
			this.since = messages.get(i).mayMiss() ? null : messages.get(i).since();
		}
		if (this.timer == null) {
			schedule(this.limit);
		}
	}

	private void schedule(Duration delay) {
		if (!this.limit.isZero()) {
			this.timer = this.clock.schedule(this.look, delay);
		}
	}

	/** Returns whether more waits than may, and the peer is to blame. */
	boolean isOverBytes() {
		return this.pen.isUp() && this.backlog.isOver()
				&& (this.backlog.isFarOver() || age(this.begun) >= SLOW.toNanos());
	}

	/** Removes what has waited too long and can be done without; returns that. */
	List<Outgoing> removeMissable() {
		return this.backlog.removeMissableSince(this.clock.nanoTime() - this.limit.toNanos());
	}

	/**
	 * Returns whether the peer has left something unread for too long; else looks again.
	 */
	boolean isOverTime() {
		Outgoing waiting = this.backlog.oldest();
		long age = 0;
		if (this.pen.isUp() && this.since != null) {
			age = age(this.since);
		}
		else if (waiting != null) {
			age = age(waiting.since());
		}
		// One that was late itself has only just been offered what has waited for it.
		if (this.pen.isUp() && age >= this.limit.toNanos() && age(this.begun) >= SOON.toNanos()) {
			return true;
		}
		Duration rest = this.limit.minusNanos(age);
		schedule((rest.compareTo(SOON) > 0) ? rest : SOON);
		return false;
	}

	private long age(long time) {
		return this.clock.nanoTime() - time;
	}

	void stop() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
