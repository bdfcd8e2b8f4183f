package org.sessionlink.link;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Where the HTTP session of a link lives: what a link asks of it, outside any request.
 */
public interface Home {

	/** Of a session that is no longer anywhere. */
	Home GONE = new Home() {

		@Override
		public boolean touch() {
			// There is nothing left to touch.
			return true;
		}

		@Override
		public void invalidate() {
			// It already has ended.
		}

		@Override
		public Duration timeout() {
			return Duration.ZERO;
		}

	};

	/**
	 * Tells the container that the session is in use.
	 * @return false where it could not be told: the session may be out of memory, or it
	 * may have ended, which this alone does not prove (B21)
	 */
	boolean touch();

	/** Ends the HTTP session; does nothing where it already has ended. */
	void invalidate();

	/** Returns the timeout of the session as it is now; zero or less means none. */
	Duration timeout();

	/**
	 * Returns how long ago the session was used before it was taken up here: not at all
	 * where only requests to this server take it up.
	 */
	default Duration idle() {
		return Duration.ZERO;
	}

	/**
	 * Returns how long ago the session was created, by a clock that all servers share;
	 * null where there is none, and the time of its creation is by this server's own.
	 */
	default @Nullable Duration age() {
		return null;
	}

}
