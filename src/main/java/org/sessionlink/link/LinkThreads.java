package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
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
 * The real time, one thread for timers, and up to 32 for each {@link Crew}.
 *
 * <p>
 * Stops with the application; what is handed over afterwards is dropped.
 */
public final class LinkThreads implements LinkClock, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(LinkThreads.class);

	private static final int THREADS = 32;

	private static final Duration MOMENT = Duration.ofSeconds(2);

	private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("sessionlink-timer-"),
			new ThreadPoolExecutor.DiscardPolicy());

	private final Map<Crew, ThreadPoolExecutor> crews = new EnumMap<>(Crew.class);

	public LinkThreads() {
		this.timer.setRemoveOnCancelPolicy(true);
		for (Crew crew : Crew.values()) {
			ThreadPoolExecutor threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
					new LinkedBlockingQueue<>(), named(crew.threads()), new ThreadPoolExecutor.DiscardPolicy());
			threads.allowCoreThreadTimeOut(true);
			this.crews.put(crew, threads);
		}
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
	public void execute(Crew crew, Runnable task) {
		this.crews.get(crew).execute(reported(task));
	}

	/** Returns how many timers and tasks are waiting. */
	public int waiting() {
		return this.timer.getQueue().size()
				+ this.crews.values().stream().mapToInt((crew) -> crew.getQueue().size()).sum();
	}

	/** Stops all threads, giving the crews a moment to finish. */
	@Override
	public void close() {
		this.timer.shutdownNow();
		Collection<ThreadPoolExecutor> all = this.crews.values();
		all.forEach(ThreadPoolExecutor::shutdown);
		long end = System.nanoTime() + MOMENT.toNanos();
		try {
			for (ThreadPoolExecutor crew : all) {
				crew.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		all.forEach(ThreadPoolExecutor::shutdownNow);
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
