package org.sessionlink.handling;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.NamedThreadLocal;
import org.springframework.core.Ordered;

/**
 * Up to 64 threads for methods that may wait, with a queue that takes so many sockets and
 * no more (B27); or an executor of the application's, with its own limits.
 *
 * <p>
 * Who waits and how many work is changed in one step under one lock each: a task goes to
 * a thread that has nothing to do, or in line, or nowhere; a thread takes the next in
 * line, or leaves; a socket that closes leaves the line.
 *
 * <p>
 * Stops as the Spring context begins to close, before anything that an answer goes
 * through (B30): what is queued has a moment to finish.
 */
public final class HandlerThreads implements ApplicationListener<ContextClosedEvent>, Ordered, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(HandlerThreads.class);

	private static final int THREADS = 64;

	private static final long QUIET_MILLIS = 10_000;

	private final ApplicationContext context;

	private final Duration moment;

	private final ThreadPoolExecutor pool;

	private final Set<Task> waiting = new LinkedHashSet<>();

	private final int mostWaiting;

	private final int most;

	private final AtomicLong quietUntil = new AtomicLong();

	// Runs what it is given on the thread that gives it, perhaps.
	private final ThreadLocal<@Nullable Task> givenAway = new NamedThreadLocal<>("Socket that an executor was given");

	private final GivenAway given = new GivenAway(HandlerThreads::runQuietly);

	private volatile @Nullable Executor own;

	private int working;

	private volatile boolean stopped;

	/** What a thread does for one socket. */
	interface Task extends Runnable {

		/** Says that no thread will come. */
		void drop();

		/** Says that an executor was to come, and has thrown it away. */
		default void lost() {
			drop();
		}

	}

	/**
	 * Makes them.
	 * @param mostWaiting how many tasks may wait; any number if that is 0
	 * @param moment how long a stop waits for what is queued
	 */
	HandlerThreads(ApplicationContext context, int mostWaiting, Duration moment) {
		this(context, mostWaiting, moment, THREADS);
	}

	HandlerThreads(ApplicationContext context, int mostWaiting, Duration moment, int threads) {
		this.context = context;
		this.moment = moment;
		this.mostWaiting = mostWaiting;
		this.most = threads;
		// Its queue takes no more than a thread that has nothing to do any more.
		this.pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				threadsOf(context.getClassLoader()));
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

	/** Runs a task soon; returns false where it cannot, and says so in the log. */
	boolean run(Task task) {
		if (runIfRoom(task)) {
			return true;
		}
		if (!isStopping()) {
			sayFull();
		}
		return false;
	}

	/** Uses the application's own threads from now on. */
	void use(Executor executor) {
		this.own = executor;
	}

	boolean areOfTheApplication() {
		return this.own != null;
	}

	/** Runs a task soon; returns false where it cannot. */
	boolean runIfRoom(Task task) {
		Executor executor = this.own;
		if (executor != null) {
			return !isStopping() && this.givenAway.get() == null && runOn(executor, task);
		}
		synchronized (this.waiting) {
			if (isStopping() || (this.working == this.most && isFull())) {
				return false;
			}
			if (this.working == this.most) {
				return this.waiting.add(task);
			}
			this.pool.execute(() -> work(task));
			this.working++;
			return true;
		}
	}

	private boolean runOn(Executor executor, Task task) {
		this.givenAway.set(task);
		GivenAway.Run run = this.given.run(task);
		try {
			executor.execute(run);
			return true;
		}
		catch (RuntimeException | Error ex) {
			logger.debug("The application's executor does not take what a socket has to do", ex);
			// It may have run it here, and failed afterwards.
			return !run.takeBack();
		}
		finally {
			this.givenAway.remove();
		}
	}

	/** Looks for what the application's executor has thrown away; now and then. */
	void lookForLost() {
		this.given.look((task) -> {
			sayFull();
			task.lost();
		});
	}

	private boolean isFull() {
		return this.mostWaiting > 0 && this.waiting.size() >= this.mostWaiting;
	}

	/** Forgets a task that waits, and gives its place back. */
	void remove(Task task) {
		synchronized (this.waiting) {
			this.waiting.remove(task);
		}
	}

	private void work(Task first) {
		for (Task task = first; task != null; task = next()) {
			runQuietly(task);
		}
	}

	private static void runQuietly(Task task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("What a handler thread did for a socket failed", ex);
		}
	}

	private @Nullable Task next() {
		synchronized (this.waiting) {
			Iterator<Task> tasks = this.waiting.iterator();
			if (!tasks.hasNext()) {
				this.working--;
				return null;
			}
			Task task = tasks.next();
			tasks.remove();
			return task;
		}
	}

	private void sayFull() {
		int sockets;
		synchronized (this.waiting) {
			sockets = this.waiting.size();
		}
		long now = System.currentTimeMillis();
		long until = this.quietUntil.get();
		if (now < until || !this.quietUntil.compareAndSet(until, now + QUIET_MILLIS)) {
			return;
		}
		if (areOfTheApplication()) {
			logger.warn("The executor that the application has set for the inbound channel takes no more, and sockets "
					+ "are closed: give it more threads, or a longer queue");
		}
		else {
			logger.warn("{} sockets wait for a thread, as many as may, and others are closed: make what @Blocking "
					+ "methods wait for faster, or sessionlink.limits.queue larger", sockets);
		}
	}

	/** Returns whether nothing more is taken. */
	boolean isStopping() {
		return this.pool.isShutdown();
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
		synchronized (this.waiting) {
			this.pool.shutdown();
		}
		try {
			if (!this.stopped && !this.pool.awaitTermination(this.moment.toMillis(), TimeUnit.MILLISECONDS)) {
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
		List<Task> left;
		synchronized (this.waiting) {
			left = List.copyOf(this.waiting);
			this.waiting.clear();
			logger.warn("{} frames were not handled to their end before the server stopped",
					this.working + left.size());
		}
		this.pool.shutdownNow();
		left.forEach(Task::drop);
	}

}
