package org.sessionlink.outbound;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that write what waits for many sockets: one socket after the other, each
 * time all that waits for it, as one. The more there is to do, the more goes out at once.
 *
 * <p>
 * They are few, so that much comes together. Some containers let a thread wait for a peer
 * that does not read: only so many may at a time, and others take their places.
 *
 * <p>
 * Safe for use by any thread:
 * <ul>
 * <li>the queue: a concurrent one; an outbox sees to it that it is in it once
 * <li>the threads at work: counted by one atomic number. Whoever has put something into
 * the queue raises it, a thread that finds the queue empty lowers it and looks again, so
 * that nothing stays behind
 * <li>how many may be at work: a timer, while anything is queued or written, allows one
 * more for each that is stuck
 * </ul>
 */
final class Writers implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Writers.class);

	/** So many threads may wait for peers. */
	static final int MOST_WAITING = 16;

	/** Far longer than a write takes that waits for nobody. */
	static final Duration STUCK = Duration.ofMillis(10);

	private final Queue<Outbox> queue = new ConcurrentLinkedQueue<>();

	private final Set<Work> works = ConcurrentHashMap.newKeySet();

	private final AtomicInteger atWork = new AtomicInteger();

	private final Semaphore places = new Semaphore(MOST_WAITING);

	private final AtomicBoolean watched = new AtomicBoolean();

	private final int usual;

	private final LinkClock clock;

	private final ThreadPoolExecutor threads;

	private volatile int allowed;

	Writers(LinkClock clock) {
		this(clock, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
	}

	Writers(LinkClock clock, int usual) {
		this.clock = clock;
		this.usual = usual;
		this.allowed = usual;
		CustomizableThreadFactory factory = new CustomizableThreadFactory("sessionlink-writer-");
		factory.setDaemon(true);
		// One that has just done its work may not be back yet when the next is needed.
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				factory, new ThreadPoolExecutor.DiscardPolicy());
	}

	/** Has an outbox written soon. */
	void soon(Outbox outbox) {
		this.queue.add(outbox);
		startIfAllowed();
		watch();
	}

	private void startIfAllowed() {
		if (enter()) {
			this.threads.execute(new Work());
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

	private void watch() {
		if (!this.watched.get() && this.watched.compareAndSet(false, true)) {
			this.clock.schedule(this::look, STUCK);
		}
	}

	private void look() {
		int stuck = 0;
		for (Work work : this.works) {
			stuck += work.isStuck() ? 1 : 0;
		}
		this.allowed = this.usual + stuck;
		if (!this.queue.isEmpty()) {
			startIfAllowed();
		}
		if (isIdle()) {
			this.watched.set(false);
			if (!isIdle()) {
				watch();
			}
		}
		else {
			this.clock.schedule(this::look, STUCK);
		}
	}

	/** Returns whether nothing is queued or written. */
	boolean isIdle() {
		return this.queue.isEmpty() && this.works.isEmpty();
	}

	/** Stops the threads, also those that wait. */
	@Override
	public void close() {
		this.threads.shutdownNow();
	}

	/** What one thread does, for as long as there is anything to do. */
	private final class Work implements Runnable {

		private volatile @Nullable Outbox writing;

		private volatile long since;

		@Override
		public void run() {
			Writers.this.works.add(this);
			do {
				Outbox next = Writers.this.queue.poll();
				while (next != null) {
					write(next);
					next = (Writers.this.atWork.get() > Writers.this.allowed) ? null : Writers.this.queue.poll();
				}
				Writers.this.atWork.decrementAndGet();
			}
			while (!Writers.this.queue.isEmpty() && enter());
			Writers.this.works.remove(this);
		}

		private void write(Outbox outbox) {
			boolean mayWait = Writers.this.places.tryAcquire();
			this.since = Writers.this.clock.nanoTime();
			this.writing = outbox;
			try {
				outbox.writeTogether(mayWait);
			}
			catch (RuntimeException ex) {
				logger.error("What waits for a socket could not be written", ex);
			}
			finally {
				this.writing = null;
				if (mayWait) {
					Writers.this.places.release();
				}
			}
		}

		boolean isStuck() {
			Outbox outbox = this.writing;
			boolean stuck = outbox != null && Writers.this.clock.nanoTime() - this.since > STUCK.toNanos();
			if (stuck) {
				outbox.stalled();
			}
			return stuck;
		}

	}

}
