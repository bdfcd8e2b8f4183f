package org.sessionlink.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

/**
 * When something last happened on one connection to the broker, and what that makes due.
 * Each field is volatile and stands alone.
 */
final class RelayTimes {

	/** How long it may take until a connection is there, encrypted where asked for. */
	static final Duration TO_CONNECT = Duration.ofSeconds(10);

	/** How long a frame may take to come whole. */
	static final Duration FOR_A_FRAME = Duration.ofSeconds(30);

	/** How long a broker may leave unread what waits for it. */
	static final Duration TO_READ = Duration.ofSeconds(10);

	/** How long the last words may take. */
	static final Duration TO_CLOSE = Duration.ofSeconds(2);

	/** Longer than that nobody waits for a heart-beat, or for three of them. */
	private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(3);

	private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

	private static final long NEVER = Long.MIN_VALUE;

	private final LinkClock clock;

	private final long begun;

	private volatile boolean established;

	private volatile long closing = NEVER;

	private volatile long read;

	private volatile long written;

	private volatile long unfinished = NEVER;

	private volatile long blocked = NEVER;

	private volatile @Nullable Idle silence;

	private volatile @Nullable Idle nothingWritten;

	RelayTimes(LinkClock clock) {
		this.clock = clock;
		this.begun = clock.nanoTime();
	}

	/** What to run after some time, again and again. */
	private record Idle(Runnable task, long nanos) {
	}

	void established() {
		this.read = this.clock.nanoTime();
		this.written = this.read;
		this.established = true;
	}

	void closing() {
		this.closing = this.clock.nanoTime();
	}

	void read() {
		this.read = this.clock.nanoTime();
	}

	void written(boolean some) {
		if (some) {
			this.written = this.clock.nanoTime();
			this.blocked = NEVER;
		}
	}

	/** Hears whether part of a frame has come, and whether another was whole. */
	void unfinished(boolean some, boolean another) {
		if (!some) {
			this.unfinished = NEVER;
		}
		else if (another || this.unfinished == NEVER) {
			this.unfinished = this.clock.nanoTime();
		}
	}

	void blocked(boolean now) {
		if (!now) {
			this.blocked = NEVER;
		}
		else if (this.blocked == NEVER) {
			this.blocked = this.clock.nanoTime();
		}
	}

	void onSilence(Runnable task, long millis) {
		this.silence = new Idle(task, nanos(millis));
	}

	void onNothingWritten(Runnable task, long millis) {
		// Looked at once a second: rather early than late.
		this.nothingWritten = new Idle(task, Math.max(1, nanos(millis) - BETWEEN_LOOKS));
	}

	// What is less than nothing has overflowed where it was multiplied.
	private static long nanos(long millis) {
		return TimeUnit.MILLISECONDS.toNanos((millis < 0) ? LONGEST_MILLIS : Math.min(LONGEST_MILLIS, millis));
	}

	/** Returns what takes too long, in words, or null. */
	@Nullable String tooLong() {
		if (!this.established && isOver(this.begun, TO_CONNECT)) {
			return "No connection was there after " + TO_CONNECT.toSeconds() + " s";
		}
		if (isOver(this.closing, TO_CLOSE)) {
			return "The last words were not read";
		}
		if (isOver(this.unfinished, FOR_A_FRAME)) {
			return "A frame was not whole after " + FOR_A_FRAME.toSeconds() + " s";
		}
		return isOver(this.blocked, TO_READ) ? "The broker does not read" : null;
	}

	// Each is read once, as it may be put back to never by others meanwhile.
	private boolean isOver(long since, Duration limit) {
		return since != NEVER && this.clock.nanoTime() - since > limit.toNanos();
	}

	/** Returns what is to be run as nothing was read, or written, for long. */
	List<Runnable> due() {
		List<Runnable> tasks = new ArrayList<>(2);
		long now = this.clock.nanoTime();
		Idle heard = this.silence;
		if (this.established && heard != null && now - this.read > heard.nanos()) {
			this.read = now;
			tasks.add(heard.task());
		}
		Idle said = this.nothingWritten;
		if (this.established && said != null && now - this.written > said.nanos()) {
			this.written = now;
			tasks.add(said.task());
		}
		return tasks;
	}

}
