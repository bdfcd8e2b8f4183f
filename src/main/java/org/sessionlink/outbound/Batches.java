package org.sessionlink.outbound;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;

/**
 * Closes all open sockets within a time, some of them each moment, so that not all of
 * their clients come back at once (B54).
 *
 * <p>
 * Safe for use by any thread: it runs on the clock's alone, and hands each close over.
 * What is under way is one atomic count, in which the steps themselves are one.
 */
final class Batches {

	static final Duration STEP = Duration.ofMillis(100);

	/** Up to 200 a second are no crowd. */
	static final int FEWEST = 20;

	/** How long what waits for a client may take to be written before it goes. */
	static final Duration LAST_WORDS = Duration.ofSeconds(2);

	private final Sockets sockets;

	private final LinkClock clock;

	private final long end;

	private final AtomicInteger underWay = new AtomicInteger(1);

	private final CountDownLatch done = new CountDownLatch(1);

	private volatile boolean cancelled;

	Batches(Sockets sockets, LinkClock clock, Duration period) {
		this.sockets = sockets;
		this.clock = clock;
		this.end = clock.nanoTime() + period.toNanos();
	}

	/** Closes the first of them before it returns, if there are any. */
	void start() {
		step();
	}

	/** Closes no more. */
	void cancel() {
		this.cancelled = true;
	}

	/** Waits until all are closed, or until the time is over. */
	boolean await(Duration limit) throws InterruptedException {
		return this.done.await(limit.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void step() {
		List<GatedSocket> open = this.cancelled ? List.of() : this.sockets.open();
		long steps = 1 + Math.max(0, (this.end - this.clock.nanoTime()) / STEP.toNanos());
		int most = (steps == 1) ? open.size() : Math.max(FEWEST, (int) ((open.size() + steps - 1) / steps));
		open.stream().limit(most).forEach(this::close);
		if (open.size() > most) {
			this.clock.schedule(this::step, STEP);
		}
		else {
			oneLess();
		}
	}

	private void close(GatedSocket socket) {
		this.underWay.incrementAndGet();
		Telling.tell("Letting a client go", () -> socket.leave(LAST_WORDS, this::oneLess));
	}

	private void oneLess() {
		if (this.underWay.decrementAndGet() == 0) {
			this.done.countDown();
		}
	}

}
