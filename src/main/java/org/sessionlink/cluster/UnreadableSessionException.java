package org.sessionlink.cluster;

import org.jspecify.annotations.Nullable;
import org.sessionlink.store.SessionAwayException;

/**
 * A session is there, and this node cannot read it: it is left alone, for a node that
 * can.
 */
final class UnreadableSessionException extends SessionAwayException {

	private static final long serialVersionUID = 1;

	UnreadableSessionException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
