package org.sessionlink.wire;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

/**
 * What may happen to the messages of one socket, and when: decides for its
 * {@link Outbox}, which carries out and tells.
 *
 * <p>
 * Safe for use by any thread: each method is one step under the monitor, and nothing is
 * written and nobody told in it.
 * <ul>
 * <li>what waits: whoever sends adds; whoever has picked the {@link Pen} up takes
 * <li>open, closing, closed, in this order and never back: closing takes nothing more and
 * is over once all is written; closed throws away what waits
 * <li>queued with the writers: by whoever finds that it is not and that the pen is down.
 * Whoever has laid the pen down looks again, so that nothing stays behind
 * </ul>
 */
final class OutboxRules {

	private static final Runnable NOTHING = () -> {
	};

	private final Backlog backlog;

	private final Pen pen;

	private final SendLimits limits;

	private final BooleanSupplier open;

	private State state = State.OPEN;

	private boolean queued;

	private long leftBehind;

	private Runnable afterLast = NOTHING;

	/**
	 * Makes the rules of an empty outbox.
	 * @param open whether anything may still go out; a read, no more
	 * @param look to be run when {@link #lookAtTime} is due
	 */
	OutboxRules(Pen pen, LinkClock clock, OutboxLimits limits, BooleanSupplier open, Runnable look) {
		this.pen = pen;
		this.open = open;
		this.backlog = new Backlog(limits.bytes());
		this.limits = new SendLimits(clock, limits.time(), this.backlog, pen, look);
	}

	private enum State {

		OPEN, CLOSING, CLOSED

	}

	/** What whoever has added a message does next. */
	enum Next {

		/** Nothing: somebody else sees to it. */
		NOTHING,

		/** Queue it with the writers. */
		QUEUE,

		/** Write one message: the writers are far behind. */
		WRITE

	}

	/** What is written by one stroke of the pen. */
	record Stroke(long number, List<Outgoing> messages) {

	}

	/** Has a message wait, if that is still possible. */
	synchronized Verdict add(Outgoing message) {
		if (this.state != State.OPEN) {
			return Verdict.FINE;
		}
		this.backlog.add(message);
		return this.backlog.isOver() ? verdict(this.backlog.makeRoom(), this.limits.isOverBytes()) : Verdict.FINE;
	}

	/** Looks at the time that messages have waited. */
	synchronized Verdict lookAtTime() {
		this.limits.stop();
		if (this.state == State.CLOSED || !isBusy()) {
			return Verdict.FINE;
		}
		return verdict(this.limits.removeMissable(), this.limits.isOverTime());
	}

	private Verdict verdict(List<Outgoing> missed, boolean tooSlow) {
		if (tooSlow) {
			shut();
		}
		return new Verdict(missed, tooSlow);
	}

	/** Says what to do for a message that the writers are to write. */
	synchronized Next next(Patience patience) {
		if (mayQueue()) {
			return Next.QUEUE;
		}
		if (areWritersBehind() || (this.pen.isUp() && this.backlog.isOver())) {
			patience.await(this);
		}
		return areWritersBehind() ? Next.WRITE : Next.NOTHING;
	}

	/** Returns whether the caller is to queue what waits with the writers. */
	synchronized boolean mayQueue() {
		if (this.queued || this.pen.isUp() || this.backlog.isEmpty()) {
			return false;
		}
		this.queued = true;
		return true;
	}

	private boolean areWritersBehind() {
		return this.queued && !this.pen.isUp() && this.backlog.bytes() > Wire.MOST_TOGETHER;
	}

	/**
	 * Takes one message, and the pen; null if there is neither.
	 * @param evenOfMany whether to take it though more wait, which the writers could
	 * write as one
	 */
	synchronized @Nullable Stroke takeOne(boolean evenOfMany) {
		notifyAll();
		return (evenOfMany || this.backlog.size() == 1) ? take(0) : null;
	}

	/** Takes what waits, and the pen, for the writers; null if there is neither. */
	synchronized @Nullable Stroke takeMany(int bytes) {
		this.queued = false;
		notifyAll();
		return take(bytes);
	}

	private @Nullable Stroke take(int bytes) {
		if (!this.open.getAsBoolean()) {
			this.leftBehind += this.backlog.bytes();
			this.backlog.clear();
		}
		long number = this.backlog.isEmpty() ? Pen.TAKEN : this.pen.pickUp();
		return (number != Pen.TAKEN) ? begin(number, this.backlog.take(bytes)) : null;
	}

	private Stroke begin(long number, List<Outgoing> messages) {
		this.limits.begin(messages);
		return new Stroke(number, messages);
	}

	/** Takes the pen where nothing waits; null where that is not so. */
	synchronized @Nullable Stroke takeNothing() {
		boolean may = this.state == State.OPEN && this.backlog.isEmpty() && this.open.getAsBoolean();
		long number = may ? this.pen.pickUp() : Pen.TAKEN;
		return (number != Pen.TAKEN) ? begin(number, List.of()) : null;
	}

	/**
	 * Returns what was to be done once all is written, if that is so or will never be;
	 * once.
	 */
	synchronized Runnable whatFollows() {
		if (this.state == State.CLOSING && !isBusy()) {
			shut();
		}
		Runnable after = (this.state == State.CLOSED) ? this.afterLast : NOTHING;
		if (after != NOTHING) {
			this.afterLast = NOTHING;
		}
		return after;
	}

	/** Takes nothing more; returns false, and closes, where all is written. */
	synchronized boolean closeAfterLast(Runnable after) {
		if (this.state == State.CLOSED || !isBusy()) {
			shut();
			return false;
		}
		this.state = State.CLOSING;
		this.afterLast = after;
		return true;
	}

	/**
	 * Throws away what waits, and takes nothing more.
	 * @return whether that was not so before
	 */
	synchronized boolean shut() {
		boolean first = this.state != State.CLOSED;
		this.state = State.CLOSED;
		this.leftBehind += this.backlog.bytes();
		this.backlog.clear();
		this.limits.stop();
		notifyAll();
		return first;
	}

	/** Returns whether nothing more is taken, and nothing waits. */
	synchronized boolean isShut() {
		return this.state == State.CLOSED;
	}

	/** Closes, and takes the pen; null if nobody lays it down in time. */
	synchronized @Nullable Stroke takeLast(Duration limit) throws InterruptedException {
		shut();
		awaitPen(limit);
		long number = this.pen.pickUp();
		return (number != Pen.TAKEN) ? new Stroke(number, List.of()) : null;
	}

	/** Waits until nothing is under way, or until the time is over. */
	synchronized void awaitPen(Duration limit) throws InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		while (this.pen.isUp() && awaitChange(end)) {
			// Look again.
		}
	}

	/** Waits until nothing waits or is under way; false if it does when time is over. */
	synchronized boolean awaitEmpty(Duration limit) throws InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		while (isBusy() && this.state != State.CLOSED) {
			if (!awaitChange(end)) {
				return false;
			}
		}
		return true;
	}

	private boolean awaitChange(long end) throws InterruptedException {
		long rest = end - System.nanoTime();
		if (rest > 0) {
			TimeUnit.NANOSECONDS.timedWait(this, rest);
		}
		return rest > 0;
	}

	/** Returns how many bytes wait. */
	synchronized long waiting() {
		return this.backlog.bytes();
	}

	/** Returns how many bytes wait, or waited when it was closed. */
	synchronized long unwritten() {
		return this.backlog.bytes() + this.leftBehind;
	}

	/** Returns whether something waits or is under way. */
	synchronized boolean isBusy() {
		return this.pen.isUp() || !this.backlog.isEmpty();
	}

}
