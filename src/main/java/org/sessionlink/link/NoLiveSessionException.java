package org.sessionlink.link;

/**
 * Says that a frame came over a socket whose HTTP session is not alive; its message is
 * one a client may see.
 */
public final class NoLiveSessionException extends RuntimeException {

	/** What a client can do about it, in a sentence. */
	public static final String WHAT_TO_DO = "The HTTP session of this connection is over: "
			+ "open a page of the application and connect again.";

	private static final long serialVersionUID = 1L;

	NoLiveSessionException(String reason) {
		// No stack trace: it is an ordinary outcome, and a client can cause it at will.
		super(reason, null, false, false);
	}

}
