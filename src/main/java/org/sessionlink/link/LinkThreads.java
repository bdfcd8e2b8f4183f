package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The real time, one thread for timers, and up to 32 for what may block: closing sockets
 * and asking the container about sessions.
 *
 * <p>
 * Stops with the application; what is handed over afterwards is dropped.
 */
public final class LinkThreads implements LinkClock, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LinkThreads.class);

	private static final int WORKERS = 32;

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("sessionlink-timer-"),
			new ThreadPoolExecutor.DiscardPolicy());

	private final ThreadPoolExecutor workers = new ThreadPoolExecutor(WORKERS, WORKERS, 10, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), named("sessionlink-worker-"), new ThreadPoolExecutor.DiscardPolicy());

	public LinkThreads() {
		this.timer.setRemoveOnCancelPolicy(true);
		this.workers.allowCoreThreadTimeOut(true);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public Instant now() {
		return Instant.now();
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		return this.timer.schedule(reported(task), delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public void execute(Runnable task) {
		this.workers.execute(reported(task));
	}

	/** Returns how many timers and tasks are waiting. */
	public int waiting() {
		return this.timer.getQueue().size() + this.workers.getQueue().size();
	}

	/** Stops all threads, giving the workers a moment to finish. */
	@Override
	public void close() {
		this.timer.shutdownNow();
		this.workers.shutdown();
		try {
			if (!this.workers.awaitTermination(2, TimeUnit.SECONDS)) {
				this.workers.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			this.workers.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	// A timer swallows what its task throws.
	private static Runnable reported(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException ex) {
				logger.error("A task of the links failed", ex);
			}
		};
	}

	private static ThreadFactory named(String prefix) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}
