package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;

/** A message that may be delivered several times; safe for use by any thread. */
interface Parcel {

	/** Returns about how much memory it takes while it is kept. */
	long bytes();

	/** Returns when it began to be published, in nanoseconds of the clock. */
	long begun();

	/**
	 * Hands it over to be written to a subscriber; never waits for the peer.
	 * @param ack the id that its client acknowledges it by; null for one that need not
	 * @param redelivered how often it was delivered before
	 */
	void to(Taker taker, @Nullable String ack, int redelivered);

}
