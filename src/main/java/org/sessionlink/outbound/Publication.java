package org.sessionlink.outbound;

import org.sessionlink.wire.Payload;

/** A message on its way to subscribers, encoded no more often than it has to be. */
public interface Publication {

	/** Returns the destination that clients see. */
	String destination();

	/**
	 * Returns when it began to be published, before its subscribers were looked up: in
	 * nanoseconds of the clock.
	 */
	long begun();

	/**
	 * Returns the frame for a subscription.
	 * @param stompVersion the version that the client speaks, such as {@code 1.2}
	 */
	Payload frame(String subscriptionId, String stompVersion);

}
