package org.sessionlink.handling;

import java.util.function.Supplier;

import org.springframework.util.function.SingletonSupplier;

/**
 * Stops the reading of a socket while as many of its frames wait as may, where its
 * container can do that.
 *
 * <p>
 * Whoever has added frames looks, and whoever has taken some while it is on, under one
 * lock, so that what the container was told last fits what waits.
 */
final class Pause {

	private final Supplier<Reading> reading;

	private final HeldFrames held;

	private volatile boolean on;

	/**
	 * Makes it.
	 * @param reading asked for when there is something to stop, which is seldom
	 */
	Pause(Supplier<Reading> reading, HeldFrames held) {
		this.reading = SingletonSupplier.of(reading);
		this.held = held;
	}

	/** Returns whether nothing is read. */
	boolean isOn() {
		return this.on;
	}

	/** Stops reading, or goes on with it; returns whether this has stopped it. */
	synchronized boolean look() {
		if (!this.on && this.held.isFull()) {
			this.on = this.reading.get().stop();
			// Who has taken frames meanwhile did not see that there is something to go on
			// with.
			return this.on && !goOnIfRoom();
		}
		goOnIfRoom();
		return false;
	}

	private boolean goOnIfRoom() {
		if (!this.on || !this.held.hasRoom()) {
			return false;
		}
		this.on = false;
		this.reading.get().go();
		return true;
	}

}
