package org.sessionlink.link;

/**
 * Decides which destinations clients may use (B26). It is asked with every SEND and
 * SUBSCRIBE, and again for each subscription when the identity behind it changes (B12);
 * so it must be quick and must not block.
 */
public interface DestinationPolicy {

	/** Returns whether somebody may send to this destination. */
	boolean maySend(Identity identity, String destination);

	/** Returns whether somebody may subscribe to this destination, or stay subscribed. */
	boolean maySubscribe(Identity identity, String destination);

}
