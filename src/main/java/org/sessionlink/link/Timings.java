package org.sessionlink.link;

/**
 * Hears how long things took, on whatever thread they were done; does not block, and does
 * not throw.
 */
public interface Timings {

	/** Hears nothing. */
	Timings NOOP = (what, outcome, nanos) -> {
	};

	/** Hears of something that is over. */
	void took(Timed what, String outcome, long nanos);

	/** What is timed. */
	enum Timed {

		/** A WebSocket handshake, by its outcome. */
		HANDSHAKE,

		/** The handling of a frame. */
		HANDLE,

		/** From the end of a link to the close of its last socket. */
		CLOSE,

		/** How much later than due a link has expired. */
		EXPIRY_LATENESS

	}

}
