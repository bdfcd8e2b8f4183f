package org.sessionlink.cluster;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets what is large go to and from Redis one after the other, in the order in which it
 * comes, as whatever is on the way holds up all else. Who would wait longer than for an
 * answer is refused, and nobody else.
 */
final class Turns {

	/** What all threads together may have on the way without anybody noticing. */
	static final int LARGE = 256 * 1024;

	private final Semaphore turn = new Semaphore(1, true);

	/**
	 * Waits for its turn, and takes it.
	 * @throws StoreAwayException if it does not come in time
	 */
	<T> T take(Supplier<T> task) {
		try {
			if (!this.turn.tryAcquire(Redis.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new StoreAwayException("Too many large sessions are on their way to and from Redis.");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new StoreAwayException("Whoever waits for a large session is to stop.", ex);
		}
		try {
			return task.get();
		}
		finally {
			this.turn.release();
		}
	}

}
