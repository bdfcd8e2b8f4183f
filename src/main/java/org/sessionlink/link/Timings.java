package org.sessionlink.link;

/**
 * Hears how long things have taken: on whatever thread, which it may not hold up, and
 * into which it throws nothing.
 */
public interface Timings {

	/** Of an application that counts nothing. */
	Timings NONE = (what, nanos) -> {
		// Nobody wants to know.
	};

	/** Takes note that something has taken this many nanoseconds. */
	void took(Timed what, long nanos);

}
