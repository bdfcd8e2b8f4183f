package org.sessionlink.link;

import org.jspecify.annotations.Nullable;

/**
 * The open sockets of this server, for whoever must know which destinations are those of
 * a single one (B26).
 */
public interface OpenSockets {

	/** What Spring writes between a user destination and the id of a socket. */
	String MARK = "-user";

	/**
	 * What is in each destination of a broker elsewhere that is none of clients'
	 * business.
	 */
	String INTERNAL = "sessionlink.internal.";

	/**
	 * The most characters of an id: Spring's have 36, clients of SockJS choose theirs.
	 */
	int LONGEST_ID = 128;

	/** Returns the open socket with this id, or null where there is none. */
	@Nullable LinkedSocket find(String id);

	/** Returns the user destination of a queue. */
	default String ofUsers(String queue) {
		return "/user/" + queue;
	}

	/** Returns whether a socket with this id is open. */
	default boolean isOpen(String id) {
		return find(id) != null;
	}

	/**
	 * Returns whether a destination is what Spring makes of a user destination for one of
	 * these sockets: its messages are nobody else's.
	 */
	default boolean isOfOne(String destination) {
		int shortest = Math.max(0, destination.length() - LONGEST_ID - MARK.length());
		for (int at = destination.indexOf(MARK, shortest); at >= 0; at = destination.indexOf(MARK, at + 1)) {
			if (isOpen(destination.substring(at + MARK.length()))) {
				return true;
			}
		}
		return false;
	}

}
