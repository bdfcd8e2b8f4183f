package org.sessionlink.link;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one listener is still to hear, in its order, on threads that it shares with
 * nothing else: if it waits or fails, nobody else does.
 *
 * <p>
 * Safe for use by any thread. Who has news puts it in, and the crew takes it out, by one
 * step each on the number of what waits, which is bounded; whether it is closed is one
 * volatile field.
 */
final class Mailbox {

	/** Far more than happens while a listener is not stuck. */
	static final int MOST = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(Mailbox.class);

	private final LinkListener listener;

	private final LinkClock clock;

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong lost = new AtomicLong();

	private volatile boolean closed;

	Mailbox(LinkListener listener, LinkClock clock) {
		this.listener = listener;
		this.clock = clock;
	}

	boolean isOf(LinkListener other) {
		return this.listener == other;
	}

	/** Lets the listener hear no more, also of what waits. */
	void close() {
		this.closed = true;
	}

	/** Puts news in, or drops it where far too much waits; never waits itself. */
	void put(Consumer<LinkListener> event) {
		if (this.waiting.incrementAndGet() > MOST) {
			this.waiting.decrementAndGet();
			if (this.lost.getAndIncrement() == 0) {
				logger.warn("{} does not listen: {} events wait for it, and it misses further ones", name(), MOST);
			}
			return;
		}
		this.clock.execute(Crew.TELLING, this, () -> tell(event));
	}

	private void tell(Consumer<LinkListener> event) {
		if (this.waiting.decrementAndGet() == 0) {
			long missed = this.lost.getAndSet(0);
			if (missed > 0) {
				logger.warn("{} listens again, and has missed {} events", name(), missed);
			}
		}
		if (!this.closed) {
			Telling.tell(name(), () -> event.accept(this.listener));
		}
	}

	private String name() {
		return this.listener.getClass().getName();
	}

}
