package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;

/**
 * The time that links live in, and the threads that work for them. What is handed over
 * never throws into the hand of who does it, whatever the task does.
 */
public interface LinkClock {

	/** Returns nanoseconds that never go back, for differences only. */
	long nanoTime();

	/** Returns the time of day. */
	Instant now();

	/**
	 * Runs a short task of our own once after a delay, on the clock's one thread; equal
	 * delays keep their order. What calls anybody else's code takes a crew.
	 */
	Future<?> schedule(Runnable task, Duration delay);

	/** Runs a task that may block, on one of the threads of its crew. */
	void execute(Crew crew, Runnable task);

	/**
	 * Runs a task that may block, on one of the threads of its crew, of which its owner
	 * has no more than the crew's {@linkplain Crew#share() share} at a time; the tasks of
	 * one owner start in their order.
	 * @param owner whose tasks wait for each other rather than make others wait
	 */
	default void execute(Crew crew, Object owner, Runnable task) {
		execute(crew, task);
	}

}
