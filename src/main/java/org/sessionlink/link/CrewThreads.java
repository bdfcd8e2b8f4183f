package org.sessionlink.link;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one crew: as many as there is work for, up to 256, and of these no more
 * than a share for one owner. Where all are taken, owners take turns.
 *
 * <p>
 * Safe for use by any thread. Who hands over, and each thread that has done a task,
 * changes what waits and what runs, in one step under its lock; tasks run outside of it.
 */
final class CrewThreads {

	static final int THREADS = 256;

	private static final Logger logger = LoggerFactory.getLogger(CrewThreads.class);

	private final int share;

	private final ThreadPoolExecutor threads;

	private final Map<Object, Work> byOwner = new HashMap<>();

	// Whoever has a task to start, and not yet its share of threads; each once.
	private final Queue<Work> turns = new ArrayDeque<>();

	private int running;

	private boolean closed;

	CrewThreads(Crew crew) {
		this.share = crew.share();
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				named(crew.threads()));
	}

	/** Takes a task over, and never throws; drops it once closed. */
	void execute(Object owner, Runnable task) {
		synchronized (this) {
			if (this.closed) {
				return;
			}
			Work work = this.byOwner.computeIfAbsent(owner, Work::new);
			work.tasks.add(task);
			queueUp(work);
			if (this.running == THREADS || this.turns.isEmpty()) {
				return;
			}
			this.running++;
		}
		try {
			this.threads.execute(this::work);
		}
		catch (Throwable ex) {
			// The task waits for the next thread that has time.
			synchronized (this) {
				this.running--;
			}
			if (!this.threads.isShutdown()) {
				logger.error("No thread could be started", ex);
			}
		}
	}

	/** Returns how many tasks have not started. */
	synchronized int waiting() {
		return this.byOwner.values().stream().mapToInt((work) -> work.tasks.size()).sum();
	}

	/** Takes no more, and lets go on what was handed over. */
	void close() {
		synchronized (this) {
			this.closed = true;
		}
		this.threads.shutdown();
	}

	boolean awaitEnd(long nanos) throws InterruptedException {
		return this.threads.awaitTermination(nanos, TimeUnit.NANOSECONDS);
	}

	/** Drops what waits, and interrupts what runs. */
	void stop() {
		synchronized (this) {
			this.byOwner.values().forEach((work) -> work.tasks.clear());
			this.turns.clear();
		}
		this.threads.shutdownNow();
	}

	private void work() {
		for (Turn turn = next(null); turn != null; turn = next(turn)) {
			Telling.tell("A task of the links", turn.task::run);
			if (!this.threads.isShutdown()) {
				// What one task has left behind is nothing to the next.
				Thread.interrupted();
			}
		}
	}

	private synchronized @Nullable Turn next(@Nullable Turn done) {
		if (done != null) {
			done.work.running--;
			queueUp(done.work);
			if (done.work.running == 0 && done.work.tasks.isEmpty()) {
				this.byOwner.remove(done.work.owner);
			}
		}
		Work work = this.turns.poll();
		Runnable task = (work != null) ? work.tasks.poll() : null;
		if (work == null || task == null) {
			this.running--;
			return null;
		}
		work.queuedUp = false;
		work.running++;
		queueUp(work);
		return new Turn(work, task);
	}

	private void queueUp(Work work) {
		if (!work.queuedUp && !work.tasks.isEmpty() && work.running < this.share) {
			work.queuedUp = true;
			this.turns.add(work);
		}
	}

	private static ThreadFactory named(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	/** What one owner has handed over. */
	private static final class Work {

		private final Object owner;

		private final Queue<Runnable> tasks = new ArrayDeque<>();

		private int running;

		private boolean queuedUp;

		Work(Object owner) {
			this.owner = owner;
		}

	}

	private record Turn(Work work, Runnable task) {
	}

}
