package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Counts the sockets that are closed, and whose end the application has not been told of
 * to the last listener, so that it hears of them before it stops. Safe for use by any
 * thread: the count changes under its lock.
 */
final class Partings {

	private int underWay;

	synchronized void begin() {
		this.underWay++;
	}

	synchronized void end() {
		this.underWay--;
		this.notifyAll();
	}

	/** Waits until there are none, or until the time is over. */
	synchronized boolean await(Duration limit) throws InterruptedException {
		long end = System.nanoTime() + limit.toNanos();
		for (long rest = limit.toNanos(); this.underWay > 0 && rest > 0; rest = end - System.nanoTime()) {
			TimeUnit.NANOSECONDS.timedWait(this, rest);
		}
		return this.underWay == 0;
	}

}
