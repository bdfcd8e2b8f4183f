package org.sessionlink.link;

/** Why a link has ended, in the words its clients are told (B6). */
public enum EndCause {

	/** The timeout of the HTTP session has passed. */
	EXPIRED("session-expired"),

	/** The HTTP session was invalidated: a logout, or any servlet that ended it. */
	ENDED("session-ended"),

	/**
	 * The link has reached the greatest age that the settings allow, however active it
	 * was (B10).
	 */
	MAX_AGE("session-max-age"),

	/** The server's own code ended it (B14). */
	KICKED("session-kicked"),

	/** Its user has logged in elsewhere, more often than may be (B49). */
	REPLACED("session-replaced"),
	/**
	 * The user of the HTTP session has changed: the cause of single sockets, not of the
	 * link (B12).
	 */
	USER_CHANGED("session-user-changed");

	private final String reason;

	EndCause(String reason) {
		this.reason = reason;
	}

	/**
	 * Returns the cause as it goes over the wire: lower case, never longer than a close
	 * reason may be.
	 */
	public String reason() {
		return this.reason;
	}

}
