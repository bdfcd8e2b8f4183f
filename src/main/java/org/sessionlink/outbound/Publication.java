package org.sessionlink.outbound;

import org.springframework.web.socket.WebSocketMessage;

/** A message on its way to subscribers, encoded no more often than it has to be. */
public interface Publication {

	/** Returns the destination that clients see. */
	String destination();

	/**
	 * Returns the frame for a subscription; the same one for all clients that have
	 * subscribed with the same id.
	 * @param stompVersion the version that the client speaks, such as {@code 1.2}
	 */
	WebSocketMessage<?> frame(String subscriptionId, String stompVersion);

}
