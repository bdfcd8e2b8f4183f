package org.sessionlink.link;

/** A WebSocket as its link sees it. */
public interface LinkedSocket {

	/** Returns the id of the socket; it is no secret. */
	String id();

	/** Tells the socket that its HTTP session has a new id (B11). */
	void sessionIdChanged(String newId);

	/**
	 * Sends something that its peer must answer; does nothing where it is being written
	 * to anyway.
	 */
	void ping();

	/**
	 * Says goodbye and closes the socket (B6); may block as long as its peer lets it, and
	 * does nothing where it was closed before.
	 */
	void end(EndCause cause);

}
