package org.sessionlink.broker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before each further try: longer each time, up to a limit, and never as
 * long as others do, so that not all come at once. Used under the lock of who tries.
 */
final class Pauses {

	private static final int MOST_DOUBLED = 16;

	private final Duration first;

	private final Duration longest;

	private int tries;

	Pauses(Duration first, Duration longest) {
		this.first = first;
		this.longest = longest;
	}

	/** Returns how long to wait before the next try: half of it by chance. */
	Duration next() {
		long doubled = this.first.toMillis() << Math.min(this.tries, MOST_DOUBLED);
		this.tries++;
		long millis = Math.min(doubled, this.longest.toMillis());
		return Duration.ofMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
	}

	/** Begins anew, as a try was a success. */
	void reset() {
		this.tries = 0;
	}

}
