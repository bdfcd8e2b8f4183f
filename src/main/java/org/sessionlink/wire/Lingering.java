package org.sessionlink.wire;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;

/**
 * The time that the connection of a closed socket has left: it is broken off then, if it
 * is still there. Begins once, by one compare-and-set.
 */
final class Lingering {

	/** A peer that reads takes what is under way, and a close frame, long before. */
	static final Duration TIME = Duration.ofSeconds(5);

	private final AtomicBoolean begun = new AtomicBoolean();

	private final Wire wire;

	private final LinkClock clock;

	Lingering(Wire wire, LinkClock clock) {
		this.wire = wire;
		this.clock = clock;
	}

	void begin() {
		if (this.begun.compareAndSet(false, true)) {
			this.clock.schedule(() -> this.clock.execute(Crew.CLOSING, this.wire::letGo), TIME);
		}
	}

}
