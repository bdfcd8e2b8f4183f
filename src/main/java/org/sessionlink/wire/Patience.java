package org.sessionlink.wire;

import java.util.concurrent.TimeUnit;

/**
 * How long one publication, to however many sockets, may be held up in all where the
 * {@link Writers} are behind, or a peer that is not yet known to be slow: two
 * milliseconds. Used by the thread that publishes.
 */
public final class Patience {

	private long nanos = TimeUnit.MILLISECONDS.toNanos(2);

	/** Waits for a change on a monitor that this thread holds, for as long as is left. */
	void await(Object monitor) {
		if (this.nanos <= 0) {
			return;
		}
		long start = System.nanoTime();
		try {
			TimeUnit.NANOSECONDS.timedWait(monitor, this.nanos);
			this.nanos -= System.nanoTime() - start;
		}
		catch (InterruptedException ex) {
			this.nanos = 0;
			Thread.currentThread().interrupt();
		}
	}

}
