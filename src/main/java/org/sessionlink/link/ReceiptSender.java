package org.sessionlink.link;

/** Tells single clients that a frame of theirs was handled. */
@FunctionalInterface
public interface ReceiptSender {

	/**
	 * Sends a client a RECEIPT; never waits or fails.
	 * @param socketId the id of its socket
	 * @param receipt what the frame asks for
	 */
	void receipt(String socketId, String receipt);

}
