package org.sessionlink.cluster;

import org.sessionlink.store.SessionAwayException;

/**
 * The store of the sessions cannot be asked, or does not do what it is asked for: nothing
 * is known, and nobody's session has ended by that (B21).
 */
public final class StoreAwayException extends SessionAwayException {

	private static final long serialVersionUID = 1;

	StoreAwayException(String message) {
		super(message, null);
	}

	StoreAwayException(String message, Throwable cause) {
		super(message, cause);
	}

}
