package org.sessionlink.history;

/**
 * What all servers keep cannot be reached, or does not answer: nothing is known of what
 * it was asked for.
 */
public final class LogAwayException extends RuntimeException {

	private static final long serialVersionUID = 1;

	public LogAwayException(Throwable cause) {
		super("What is kept for all servers cannot be reached.", cause);
	}

	/** Says so of one that has been away before anybody asked. */
	public LogAwayException() {
		super("What is kept for all servers cannot be reached.");
	}

}
