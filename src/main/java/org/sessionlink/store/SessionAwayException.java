package org.sessionlink.store;

import org.jspecify.annotations.Nullable;

/**
 * The session of a request can be neither read nor made now, and has not ended by that
 * (B21). Whoever lets it pass has the request refused with 503.
 */
public class SessionAwayException extends RuntimeException {

	private static final long serialVersionUID = 1;

	protected SessionAwayException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

	/** Returns the one behind a failure, whatever has been put around it, or null. */
	public static @Nullable SessionAwayException in(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SessionAwayException away) {
				return away;
			}
		}
		return null;
	}

}
