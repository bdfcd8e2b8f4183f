package org.sessionlink.journey;

import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;

/**
 * How long the machine stood still, as a shared one does: everybody on it is late by
 * that, and no limit can hold what it says. A thread that wants to run a hundred times a
 * second writes down how late it came; it alone writes.
 */
final class Standstills {

	private static final long TICK = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long NOTICEABLE = TimeUnit.MILLISECONDS.toNanos(50);

	private static final ConcurrentSkipListMap<Long, Long> lateness = new ConcurrentSkipListMap<>();

	static {
		Thread watch = new Thread(Standstills::watch, "standstills");
		watch.setDaemon(true);
		watch.start();
	}

	private Standstills() {
	}

	/**
	 * Returns a limit for what began at this {@link System#nanoTime()}, later by what the
	 * machine stood still since.
	 */
	static Duration addedTo(Duration limit, long since) {
		return limit.plusNanos(lateness.tailMap(since).values().stream().mapToLong(Long::longValue).sum());
	}

	private static void watch() {
		long last = System.nanoTime();
		while (true) {
			try {
				TimeUnit.NANOSECONDS.sleep(TICK);
			}
			catch (InterruptedException ex) {
				return;
			}
			long now = System.nanoTime();
			long late = now - last - TICK;
			if (late > NOTICEABLE) {
				lateness.put(now, late);
			}
			last = now;
		}
	}

}
