package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

/**
 * The time that a client has to get its CONNECT through (B27). One timer, started once
 * and stopped any number of times, in steps under the monitor.
 */
final class ConnectTime {

	private @Nullable Future<?> timer;

	private boolean stopped;

	/** Runs this after the time, unless it is stopped before; a time of 0 never ends. */
	synchronized void start(LinkClock clock, Duration time, Runnable over) {
		if (!this.stopped && !time.isZero()) {
			this.timer = clock.schedule(over, time);
		}
	}

	synchronized void stop() {
		this.stopped = true;
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
