package org.sessionlink.wire;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Work that few threads do, and how many of them there are: nothing is left without one.
 *
 * <p>
 * Safe for use by any thread. What is to be done is in a concurrent queue; the threads at
 * work are counted by one atomic number. Whoever has put something into the queue raises
 * it, unless as many are at work as may be; a thread that finds the queue empty lowers it
 * and looks again, so that what was put there just before is not left behind.
 *
 * @param <T> what the work is done for
 */
final class HandOver<T> {

	private final Queue<T> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger atWork = new AtomicInteger();

	private volatile int allowed;

	/** Starts without anyone at work, and so many allowed. */
	HandOver(int allowed) {
		this.allowed = allowed;
	}

	/** Hands something over; returns whether a thread is to be started for it. */
	boolean add(T item) {
		this.queue.add(item);
		return enter();
	}

	/** Lets so many work; returns whether a thread is to be started. */
	boolean allow(int most) {
		this.allowed = most;
		return !this.queue.isEmpty() && enter();
	}

	/** Says that a thread could not be started. */
	void leave() {
		this.atWork.decrementAndGet();
	}

	/**
	 * Does what there is to be done, on a thread that was started for it; returns when
	 * there is nothing left, or more are at work than may be.
	 */
	void work(Consumer<T> job) {
		boolean entered = true;
		while (entered) {
			try {
				workOn(job);
			}
			finally {
				leave();
			}
			entered = !this.queue.isEmpty() && enter();
		}
	}

	private void workOn(Consumer<T> job) {
		T next = this.queue.poll();
		while (next != null) {
			job.accept(next);
			next = (this.atWork.get() > this.allowed) ? null : this.queue.poll();
		}
	}

	private boolean enter() {
		int now = this.atWork.get();
		while (now < this.allowed) {
			if (this.atWork.compareAndSet(now, now + 1)) {
				return true;
			}
			now = this.atWork.get();
		}
		return false;
	}

	/** Returns whether nothing is left to do, and nobody is at work. */
	boolean isIdle() {
		return this.queue.isEmpty() && this.atWork.get() == 0;
	}

}
