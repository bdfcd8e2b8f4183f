package org.sessionlink.inbound;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;

/**
 * Up to 64 threads for methods that may wait, with a queue that takes so many sockets and
 * no more (B27).
 *
 * <p>
 * Stops as the Spring context begins to close, before anything that an answer goes
 * through (B30): what is queued has a moment to finish.
 */
final class HandlerThreads implements ApplicationListener<ContextClosedEvent>, Ordered, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(HandlerThreads.class);

	private static final int THREADS = 64;

	private static final long QUIET_MILLIS = 10_000;

	private final ApplicationContext context;

	private final Links links;

	private final Duration moment;

	private final ThreadPoolExecutor pool;

	private final AtomicLong quietUntil = new AtomicLong();

	private volatile boolean stopped;

	/** What a thread does for one socket. */
	interface Task extends Runnable {

		/** Says that no thread will come. */
		void drop();

	}

	/**
	 * Makes them.
	 * @param mostWaiting how many tasks may wait; any number if that is 0
	 * @param moment how long a stop waits for what is queued
	 */
	HandlerThreads(ApplicationContext context, Links links, int mostWaiting, Duration moment) {
		this(context, links, mostWaiting, moment, THREADS);
	}

	HandlerThreads(ApplicationContext context, Links links, int mostWaiting, Duration moment, int threads) {
		this.context = context;
		this.links = links;
		this.moment = moment;
		this.pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>((mostWaiting > 0) ? mostWaiting : Integer.MAX_VALUE),
				threadsOf(context.getClassLoader()), new ThreadPoolExecutor.AbortPolicy());
		this.pool.allowCoreThreadTimeOut(true);
	}

	private static ThreadFactory threadsOf(@Nullable ClassLoader application) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			// Nothing of the container's thread that happens to ask for it, such as who
			// is logged in there.
			Thread thread = new Thread(null, task, "sessionlink-handler-" + count.incrementAndGet(), 0, false);
			thread.setContextClassLoader(application);
			thread.setDaemon(true);
			return thread;
		};
	}

	/** Runs a task soon; returns false where it cannot, and counts that as refused. */
	boolean run(Task task) {
		if (runIfRoom(task)) {
			return true;
		}
		if (!this.pool.isShutdown()) {
			this.links.refused(Refused.QUEUE_FULL);
			sayFull();
		}
		return false;
	}

	/** Runs a task soon; returns false where it cannot. */
	boolean runIfRoom(Task task) {
		try {
			this.pool.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	private void sayFull() {
		long now = System.currentTimeMillis();
		long until = this.quietUntil.get();
		if (now >= until && this.quietUntil.compareAndSet(until, now + QUIET_MILLIS)) {
			logger.warn(
					"{} sockets wait for a thread, as many as may: @Blocking methods hold threads of the container up. "
							+ "Make what they wait for faster, or sessionlink.limits.queue larger",
					this.pool.getQueue().size());
		}
	}

	/** Returns whether the moment is over. */
	boolean isStopped() {
		return this.stopped;
	}

	/** Before all others: those that answers go through stop at this event too. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		if (event.getApplicationContext() == this.context) {
			destroy();
		}
	}

	/** Stops, once what is queued is done or the moment is over; any number of times. */
	@Override
	public void destroy() {
		this.pool.shutdown();
		try {
			if (!this.stopped && !this.pool.awaitTermination(this.moment.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("{} frames were not handled to their end before the server stopped",
						this.pool.getActiveCount() + this.pool.getQueue().size());
				stopNow();
			}
		}
		catch (InterruptedException ex) {
			stopNow();
			Thread.currentThread().interrupt();
		}
	}

	private void stopNow() {
		this.stopped = true;
		this.pool.shutdownNow().forEach((task) -> ((Task) task).drop());
	}

}
