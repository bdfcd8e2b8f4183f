package org.sessionlink.link;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

/** A WebSocket as its link sees it. */
public interface LinkedSocket {

	/** Returns the id of the socket; it is no secret. */
	String id();

	/** Returns what ties the socket to its link. */
	SocketLink socketLink();

	/** Returns the remote address of the socket, or null where it is not known. */
	default @Nullable String remoteAddress() {
		return socketLink().remoteAddress();
	}

	/** Returns what goes through the socket (B23). */
	default Traffic traffic() {
		return socketLink().traffic();
	}

	/** Returns how many bytes wait for the client to read them (B23). */
	default long waiting() {
		return 0;
	}

	/** Tells the socket that its HTTP session has a new id (B11). */
	void sessionIdChanged(String newId);

	/** Returns whether nothing goes out to the socket any more but its goodbye. */
	default boolean isOver() {
		return false;
	}

	/** Returns whom the request that opened the socket came from, or null. */
	default @Nullable Principal openedBy() {
		return null;
	}

	/**
	 * Answers a request that has come for messages, where that is how they go out: over
	 * SockJS (B5).
	 * @param answer has what is ready written, and waits for more
	 * @return false, and does nothing, while another request is being answered
	 */
	default boolean answer(SocketLink.Step answer) throws Exception {
		answer.run();
		return true;
	}

	/**
	 * Tells the socket that the {@linkplain SocketLink#identity() identity} behind it has
	 * changed (B12); may come more often than that, and on any thread, and does not
	 * block.
	 */
	void identityChanged();

	/**
	 * Ends one subscription, and tells the client why (B13); does not block.
	 * @param reason words for people
	 * @return whether there was such a subscription
	 */
	boolean revoke(String subscription, String reason);

	/**
	 * Lets nothing more out or in from now on (B5), until it is {@link #end ended}; does
	 * not block.
	 */
	void shut();

	/**
	 * Closes the socket, though nothing of its link has ended, so that its client comes
	 * back (1013); does not block, and does nothing where it was closed before.
	 * @param sentence what to do about it, for people
	 */
	default void giveUp(Refused reason, String sentence) {
	}

	/**
	 * Says goodbye and closes the socket (B6); may block as long as its peer lets it, and
	 * does nothing where it was closed before.
	 */
	void end(EndCause cause);

}
