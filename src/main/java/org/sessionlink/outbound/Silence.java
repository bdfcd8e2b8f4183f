package org.sessionlink.outbound;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often in a row somebody has looked and found that nothing was read from a peer. It
 * goes by looks and not by the time, as a server that stands still itself reads nothing:
 * such a pause is one look, however long.
 *
 * <p>
 * Safe for use by any thread: who looks counts in one step, who reads puts it back to
 * none. What is read while somebody looks counts from the next look on.
 */
final class Silence {

	private final AtomicInteger looks = new AtomicInteger();

	/** Looks once more, and returns how many looks have found silence. */
	int look() {
		return this.looks.incrementAndGet();
	}

	/** Something was read just now. */
	void end() {
		// For each frame: most find that nobody has looked meanwhile.
		if (this.looks.get() != 0) {
			this.looks.set(0);
		}
	}

}
