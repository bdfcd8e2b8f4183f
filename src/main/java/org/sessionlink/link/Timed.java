package org.sessionlink.link;

/** What the time is taken of (B29). */
public enum Timed {

	/** A handshake after which a socket was open. */
	HANDSHAKE_OPENED,

	/** A handshake that was refused, for good or for now. */
	HANDSHAKE_REFUSED,

	/** A handshake that the server has failed at. */
	HANDSHAKE_FAILED,

	/**
	 * One frame of a client but a heart-beat, for as long as threads work on it: checks,
	 * methods of the application, and the broker's share.
	 */
	HANDLE,

	/** From the end of a link to the close of the last of its sockets. */
	CLOSE,

	/** How late a link has ended of which the time was over (B9). */
	EXPIRY_LATENESS,

	/** A command of the store that several servers share. */
	STORE_COMMAND

}
