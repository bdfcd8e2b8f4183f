package org.sessionlink.link;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
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
 * step each on the number of what waits of its {@link Kind}, which is bounded; whether it
 * is closed is one volatile field.
 */
final class Mailbox {

	/** Far more than happens while a listener is not stuck. */
	static final int MOST = 10_000;

	/** What strangers can have happen at will, as often as they like. */
	static final int MOST_TALK = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(Mailbox.class);

	private final LinkListener listener;

	private final LinkClock clock;

	private final Map<Kind, Shelf> shelves = Map.of(Kind.NEWS, new Shelf(MOST), Kind.CLOSES, new Shelf(MOST), Kind.TALK,
			new Shelf(MOST_TALK));

	private final Set<Kind> kinds;

	private volatile boolean closed;

	Mailbox(LinkListener listener, LinkClock clock) {
		this(listener, clock, EnumSet.allOf(Kind.class));
	}

	/** Makes it for a listener that hears of nothing but these kinds. */
	Mailbox(LinkListener listener, LinkClock clock, Set<Kind> kinds) {
		this.kinds = kinds;
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

	/** What may crowd out nothing of another kind. */
	enum Kind {

		/** What becomes of links. */
		NEWS,

		/** Sockets that close. */
		CLOSES,

		/** What strangers can have happen at will. */
		TALK

	}

	/** Puts news in, or drops it where far too much waits; never waits itself. */
	void put(Consumer<LinkListener> news) {
		put(Kind.NEWS, news);
	}

	/** Puts something in, or drops it where far too much waits; never waits itself. */
	void put(Kind kind, Consumer<LinkListener> event) {
		if (!this.kinds.contains(kind)) {
			return;
		}
		Shelf shelf = this.shelves.get(kind);
		if (shelf.waiting.incrementAndGet() > shelf.most) {
			shelf.waiting.decrementAndGet();
			if (shelf.lost.getAndIncrement() == 0) {
				logger.warn("{} does not listen: {} events wait for it, and it misses further ones", name(),
						shelf.most);
			}
			return;
		}
		this.clock.execute(Crew.TELLING, this, () -> tell(shelf, event));
	}

	private void tell(Shelf shelf, Consumer<LinkListener> event) {
		if (shelf.waiting.decrementAndGet() == 0) {
			long missed = shelf.lost.getAndSet(0);
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

	/** What waits of one kind. */
	private static final class Shelf {

		private final AtomicInteger waiting = new AtomicInteger();

		private final AtomicLong lost = new AtomicLong();

		private final int most;

		Shelf(int most) {
			this.most = most;
		}

	}

}
