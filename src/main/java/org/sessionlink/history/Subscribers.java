package org.sessionlink.history;

/** Who reads, at this server, what all servers keep. */
public interface Subscribers {

	/** Returns whether somebody does, whether they have asked for numbers or not. */
	boolean areThere(History.Key key);

	/**
	 * Hands a message over to those who are there; called in the step that numbers it.
	 * @return what to keep of it
	 * @throws IllegalArgumentException if it cannot be read
	 */
	Keepable deliver(History.Key key, byte[] content, KeptDestination of, long offset);

	/**
	 * Returns what to keep of a message that nobody gets by that.
	 * @throws IllegalArgumentException if it cannot be read
	 */
	Keepable keep(History.Key key, byte[] content, KeptDestination of, long offset);

	/**
	 * Tells those who are there that they have missed messages.
	 * @param now behind which they get everything again
	 */
	void gap(History.Key key, KeptDestination of, Position now);

}
