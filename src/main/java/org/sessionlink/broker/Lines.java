package org.sessionlink.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;

import org.sessionlink.link.LinkClock;

/**
 * The lines of all destinations, by their names. Safe for use by any thread: each change
 * of a line, of its takers and of what they have not acknowledged is one atomic step on
 * the map, in which a line comes to be and in which an empty one is forgotten.
 */
final class Lines {

	/** How long a message waits for its client to come back. */
	static final Duration KEPT = Duration.ofMinutes(2);

	/** What may wait in all lines together. */
	private static final int MOST = 100_000;

	private static final long MOST_BYTES = 32 << 20;

	private final ConcurrentMap<String, Line> byName = new ConcurrentHashMap<>();

	private final Allowance all = new Allowance(MOST, MOST_BYTES);

	private final LinkClock clock;

	private final Losses losses;

	/**
	 * Makes them.
	 * @param losses told of messages that nobody gets any more
	 */
	Lines(LinkClock clock, Losses losses) {
		this.clock = clock;
		this.losses = losses;
	}

	/**
	 * Which line it is, and whose what comes back there is.
	 *
	 * @param text tells it from others
	 * @param destination as the log may have it
	 */
	record Name(String text, Line.Kind kind, String destination) {
	}

	/** Hears of messages that nobody gets any more. */
	interface Losses {

		void lost(Name line, List<Delivery> messages);

	}

	/**
	 * Changes a line in one step, and hands out what it gives.
	 * @return what the step returns
	 */
	boolean change(Name name, Predicate<Line> step) {
		List<Line> changed = new ArrayList<>(1);
		List<Boolean> result = new ArrayList<>(1);
		this.byName.compute(name.text(), (key, known) -> {
			Line line = (known != null) ? known : new Line(name.kind(), this.all);
			result.add(step.test(line));
			changed.add(line);
			return line.isEmpty() ? null : line;
		});
		changed.forEach(Line::handOut);
		return result.get(0);
	}

	/** Changes a line in one step that returns what nobody gets any more. */
	void takeBack(Name name, Function<Line, List<Delivery>> step) {
		List<Delivery> lost = new ArrayList<>(0);
		boolean waits = change(name, (line) -> lost.addAll(step.apply(line)) | line.isWaiting());
		if (!lost.isEmpty()) {
			this.losses.lost(name, lost);
		}
		if (waits && name.kind() != Line.Kind.WORK) {
			this.clock.schedule(() -> expire(name), KEPT);
		}
	}

	private void expire(Name name) {
		List<Delivery> lost = new ArrayList<>(0);
		change(name, (line) -> lost.addAll(line.expire(this.clock.nanoTime() - KEPT.toNanos())));
		if (!lost.isEmpty()) {
			this.losses.lost(name, lost);
		}
	}

	/** Returns how many lines there are. */
	int count() {
		return this.byName.size();
	}

	/** Returns how many messages wait in all of them. */
	int waiting() {
		return this.all.count();
	}

}
