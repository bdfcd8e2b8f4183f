package org.sessionlink.watch;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What one server asks the others. Versions may differ: what is not known is left out,
 * and a kind that is not known is answered with nothing.
 *
 * @param kind what is wanted, one of the words below
 * @param text what it is about: part of a name, a name, a fingerprint or the id of a
 * socket
 * @param ids of links
 * @param subscription the id of one of the socket's
 * @param reason why
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Question(String kind, @Nullable String text, List<String> ids, @Nullable String subscription,
		@Nullable String reason) {

	/** Which links match a text. */
	static final String LINKS = "links";

	/** Which links have a fingerprint, and which sockets. */
	static final String DETAILS = "details";

	/** Which links have somebody of this name behind them. */
	static final String OF_USER = "of-user";

	/** How many sockets these links have, and when they were used. */
	static final String LOOK = "look";

	/** End these links. */
	static final String END = "end";

	/** End all links. */
	static final String END_ALL = "end-all";

	/** End a socket. */
	static final String END_SOCKET = "end-socket";

	/** Nothing but an answer, which is that of any kind that is not known. */
	static final String THERE = "there";

	/** Revoke a subscription. */
	static final String REVOKE = "revoke";

	Question {
		kind = (kind != null) ? kind : "";
		ids = (ids != null) ? ids : List.of();
	}

	static Question of(String kind, @Nullable String text) {
		return new Question(kind, text, List.of(), null, null);
	}

	static Question of(String kind, List<String> ids) {
		return new Question(kind, null, ids, null, null);
	}

}
