package org.sessionlink.handling;

/**
 * Stops the reading of a socket while as many of its frames wait as may, where its
 * container can do that.
 *
 * <p>
 * Whoever has added or taken frames looks, under one lock, so that what the container was
 * told last fits what waits.
 */
final class Pause {

	private final Reading reading;

	private final HeldFrames held;

	private volatile boolean on;

	Pause(Reading reading, HeldFrames held) {
		this.reading = reading;
		this.held = held;
	}

	/** Returns whether nothing is read. */
	boolean isOn() {
		return this.on;
	}

	/** Stops reading, or goes on with it; returns whether this has stopped it. */
	synchronized boolean look() {
		if (!this.on && this.held.isFull(1)) {
			this.on = this.reading.stop();
			return this.on;
		}
		if (this.on && this.held.hasRoom()) {
			this.on = false;
			this.reading.go();
		}
		return false;
	}

}
