package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;

/** The time that links live in, and the threads that work for them. */
public interface LinkClock {

	/** Returns nanoseconds that never go back, for differences only. */
	long nanoTime();

	/** Returns the time of day. */
	Instant now();

	/**
	 * Runs a short task once after a delay, on the clock's one thread; equal delays keep
	 * their order.
	 */
	Future<?> schedule(Runnable task, Duration delay);

	/** Runs a task that may block, on one of the threads of its crew. */
	void execute(Crew crew, Runnable task);

}
