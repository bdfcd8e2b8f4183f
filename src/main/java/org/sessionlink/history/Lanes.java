package org.sessionlink.history;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;

/**
 * Where news of destinations wait until a thread of a crew takes them: those of one
 * destination in their order, one at a time, and never for those of most others.
 *
 * <p>
 * Safe for use by any thread, which never waits. What waits is bounded: of what is more,
 * only that it is there is remembered, and of what is far more, nothing.
 */
final class Lanes {

	/** Far more than waits while nobody is stuck. */
	static final long MOST_BYTES = 16L * 1024 * 1024;

	/** Of what has no bytes any more. */
	static final long FAR_TOO_MUCH = 4 * MOST_BYTES;

	private static final int COUNT = 64;

	private final Lane[] lanes;

	private final AtomicLong waiting = new AtomicLong();

	private final LinkClock clock;

	private final Consumer<LogNews> take;

	private final Runnable lost;

	/**
	 * Makes them, with nothing that waits.
	 * @param take done with all news, and throws nothing
	 * @param lost done where news were dropped, once what waits beside them is taken
	 */
	Lanes(LinkClock clock, Consumer<LogNews> take, Runnable lost) {
		this.clock = clock;
		this.take = take;
		this.lost = lost;
		this.lanes = IntStream.range(0, COUNT).mapToObj((i) -> new Lane()).toArray(Lane[]::new);
	}

	/** Takes news over. */
	void add(LogNews news) {
		this.lanes[Math.floorMod(news.key().hashCode(), COUNT)].add(news);
	}

	/** Returns how many bytes wait. */
	long waiting() {
		return this.waiting.get();
	}

	/** One at a time: whoever finds it idle has a thread come, until nothing waits. */
	private final class Lane {

		private final Queue<LogNews> news = new ArrayDeque<>(2);

		private boolean busy;

		private boolean dropped;

		void add(LogNews one) {
			long all = Lanes.this.waiting.get();
			LogNews kept = (all + one.bytes() > MOST_BYTES) ? one.withoutContent() : one;
			synchronized (this) {
				if (all > FAR_TOO_MUCH) {
					this.dropped = true;
				}
				else {
					Lanes.this.waiting.addAndGet(kept.bytes());
					this.news.add(kept);
				}
				if (this.busy) {
					return;
				}
				this.busy = true;
			}
			Lanes.this.clock.execute(Crew.DELIVERING, this, this::work);
		}

		private void work() {
			for (LogNews one = next(); one != null; one = next()) {
				Lanes.this.take.accept(one);
			}
		}

		private @Nullable LogNews next() {
			boolean tell;
			synchronized (this) {
				LogNews one = this.news.poll();
				if (one != null) {
					Lanes.this.waiting.addAndGet(-one.bytes());
					return one;
				}
				tell = this.dropped;
				this.dropped = false;
				this.busy = tell;
			}
			if (!tell) {
				return null;
			}
			Lanes.this.lost.run();
			return next();
		}

	}

}
