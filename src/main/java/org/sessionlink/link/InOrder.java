package org.sessionlink.link;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one at a time, in the order in which they were added, on one of the threads
 * that ask for it: no lock is held meanwhile, none is run twice or left over, and a task
 * that adds others, or asks again, does not run them inside of itself.
 *
 * <p>
 * Any thread adds and asks. The counter says how often it was asked since somebody began;
 * whoever counts from zero works, until nobody has asked meanwhile.
 */
public final class InOrder {

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger asked = new AtomicInteger();

	/** Adds a task, which is run once somebody asks. */
	public void add(Runnable task) {
		this.tasks.add(task);
	}

	/** Runs what was added, or leaves it to who is at it. */
	public void run() {
		if (this.asked.getAndIncrement() > 0) {
			return;
		}
		int answered = 1;
		do {
			for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
				// Whoever threw would leave the count as it is, and nobody would work any
				// more.
				Telling.tell("What follows a step", task::run);
			}
			answered = this.asked.addAndGet(-answered);
		}
		while (answered > 0);
	}

}
