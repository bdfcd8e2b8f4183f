package org.sessionlink.cluster;

/**
 * The store of the sessions cannot be asked, or does not do what it is asked for: nothing
 * is known, and nobody's session has ended by that (B21).
 */
public final class StoreAwayException extends RuntimeException {

	private static final long serialVersionUID = 1;

	StoreAwayException(String message) {
		super(message);
	}

	StoreAwayException(String message, Throwable cause) {
		super(message, cause);
	}

}
