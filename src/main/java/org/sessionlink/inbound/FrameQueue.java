package org.sessionlink.inbound;

import java.util.List;

/**
 * The frames of one socket, in the order in which they came, which are
 * {@linkplain FrameHandler handled} one after the other (B33).
 */
public interface FrameQueue {

	/**
	 * Makes the queue of a socket that has opened. Where an application has none of these
	 * the frames are handled on the thread that reads them.
	 */
	interface Factory {

		FrameQueue open(FrameHandler handler);

	}

	/**
	 * Takes frames; never waits.
	 * @return whether nobody is there to handle them, so that who adds has to
	 * {@linkplain #work work}
	 */
	boolean add(List<Frame> frames);

	/** Handles what waits; does not wait for what a frame's method waits for. */
	void work();

	/** Drops what waits, and what comes. */
	void close();

}
