package org.sessionlink.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.socket.WebSocketSession;

/**
 * The threads that write what waits for many sockets: one socket after the other, each
 * time all that waits for it, as one. The more there is to do, the more goes out at once.
 *
 * <p>
 * They are few, so that much comes together. Some containers let a thread wait for a peer
 * that does not read: only so many may at a time, and others take their places.
 *
 * <p>
 * Safe for use by any thread: {@link HandOver} sees to it that nothing is left without a
 * thread, and while there is anything to do a timer allows one more for each that is
 * stuck, and says by one volatile write whether there are any. It comes again whatever
 * happens; what goes wrong with one socket closes that one.
 */
public final class Writers implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Writers.class);

	/** So many threads may wait for peers. */
	static final int MOST_WAITING = 64;

	/** Far longer than a write takes that waits for nobody. */
	static final Duration STUCK = Duration.ofMillis(10);

	private final HandOver<Outbox> outboxes;

	private final Set<Work> works = ConcurrentHashMap.newKeySet();

	private final Semaphore places = new Semaphore(MOST_WAITING);

	private final AtomicBoolean watched = new AtomicBoolean();

	// Peers that stop reading all at once would let the threads wait one after the other.
	private volatile boolean areSomeStuck;

	// Of the timer alone.
	private int stuckBefore;

	private final int usual;

	private final LinkClock clock;

	private final ThreadPoolExecutor threads;

	/** Makes as many as suit this machine; they start when they are needed. */
	public Writers(LinkClock clock) {
		this(clock, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
	}

	Writers(LinkClock clock, int usual) {
		this.clock = clock;
		this.usual = usual;
		this.outboxes = new HandOver<>(usual);
		CustomizableThreadFactory factory = new CustomizableThreadFactory("sessionlink-writer-");
		factory.setDaemon(true);
		// One that has just done its work may not be back yet when the next is needed.
		this.threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(),
				factory, new ThreadPoolExecutor.DiscardPolicy());
	}

	/** Returns the outbox of a socket, written by these threads where it has much. */
	public Outbox outbox(WebSocketSession session, Outbox.Owner owner, Sent sent, OutboxLimits limits,
			Executor workers) {
		return new Outbox(Wire.of(session, workers), owner, sent, this.clock, limits, this::soon);
	}

	/** Has an outbox written soon. */
	void soon(Outbox outbox) {
		if (this.outboxes.add(outbox)) {
			start();
		}
		watch();
	}

	private void start() {
		Work work = new Work();
		try {
			this.works.add(work);
			this.threads.execute(work);
		}
		catch (Throwable ex) {
			this.works.remove(work);
			this.outboxes.leave();
			logger.error("No thread could be started to write; it is tried again", ex);
		}
	}

	private void watch() {
		if (!this.watched.get() && this.watched.compareAndSet(false, true)) {
			this.clock.schedule(this::look, STUCK);
		}
	}

	private void look() {
		try {
			int stuck = 0;
			for (Work work : this.works) {
				stuck += work.isStuck() ? 1 : 0;
			}
			this.areSomeStuck = stuck > 0;
			// Many peers may stop reading at once, and the next is not to wait for each.
			int more = 4 * Math.max(0, stuck - this.stuckBefore);
			this.stuckBefore = stuck;
			for (int i = 0; i <= more && this.outboxes.allow(this.usual + stuck + more); i++) {
				start();
			}
		}
		finally {
			this.watched.set(false);
			if (!this.outboxes.isIdle()) {
				watch();
			}
		}
	}

	/** Returns whether nothing is queued or written. */
	boolean isIdle() {
		return this.outboxes.isIdle();
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
			try {
				Writers.this.outboxes.work(this::write);
			}
			finally {
				Writers.this.works.remove(this);
			}
		}

		private void write(Outbox outbox) {
			boolean mayWait = Writers.this.places.tryAcquire();
			this.since = Writers.this.clock.nanoTime();
			this.writing = outbox;
			try {
				outbox.writeTogether(
						!mayWait ? MayWait.NOT : Writers.this.areSomeStuck ? MayWait.FOR_SEVERAL : MayWait.FOR_ANY);
			}
			catch (Throwable ex) {
				logger.error("What waits for a socket could not be written: it is closed", ex);
				fail(outbox, ex);
			}
			finally {
				this.writing = null;
				if (mayWait) {
					Writers.this.places.release();
				}
			}
		}

		private static void fail(Outbox outbox, Throwable error) {
			try {
				outbox.failed(error);
			}
			catch (Throwable ex) {
				logger.error("A broken socket could not be closed", ex);
			}
		}

		boolean isStuck() {
			Outbox outbox = this.writing;
			boolean stuck = outbox != null && Writers.this.clock.nanoTime() - this.since > STUCK.toNanos();
			if (stuck) {
				look(outbox);
			}
			return stuck;
		}

		// So that the wire remembers it; whatever becomes of that, the thread is stuck.
		private static void look(Outbox outbox) {
			try {
				outbox.isWaiting();
			}
			catch (Throwable ex) {
				logger.debug("A socket could not be looked at", ex);
			}
		}

	}

}
