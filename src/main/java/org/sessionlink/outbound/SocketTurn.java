package org.sessionlink.outbound;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

import org.sessionlink.link.Telling;

/**
 * Makes what happens to one socket happen one after the other: its opening, each of its
 * frames, what the server does to its subscriptions, its closing (B17).
 *
 * <p>
 * Containers close a socket on any thread, also while a frame of it is being handled;
 * Spring would then forget the socket first and remember it for ever afterwards.
 */
final class SocketTurn {

	private final ReentrantLock turn = new ReentrantLock();

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	/** What the socket itself brings. */
	interface Step {

		void run() throws Exception;

	}

	/** Runs a step on this thread, and afterwards what has come in meanwhile. */
	void take(Step step) throws Exception {
		this.turn.lock();
		try {
			step.run();
		}
		finally {
			this.turn.unlock();
			runWaiting();
		}
	}

	/**
	 * Runs a task as soon as nothing else is under way: now, or on the thread of what is;
	 * never waits.
	 */
	void later(Runnable task) {
		this.waiting.add(task);
		runWaiting();
	}

	// Looks again after each unlock, as a task may have come while the lock was held.
	private void runWaiting() {
		while (!this.waiting.isEmpty() && !this.turn.isHeldByCurrentThread() && this.turn.tryLock()) {
			try {
				Runnable task = this.waiting.poll();
				if (task != null) {
					Telling.tell("A task of a socket", task::run);
				}
			}
			finally {
				this.turn.unlock();
			}
		}
	}

}
