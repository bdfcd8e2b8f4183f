package org.sessionlink.store;

import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

/**
 * The places among the sessions of their users that logins are promised (B49), each for
 * as long as the request of the login lasts.
 */
final class PromisedPlaces {

	private static final String ATTRIBUTE = PromisedPlaces.class.getName();

	private final Links links;

	private final LinkedSessions sessions;

	PromisedPlaces(Links links, LinkedSessions sessions) {
		this.links = links;
		this.sessions = sessions;
	}

	/**
	 * Promises a place to the login of a request.
	 * @return false if the user has as many as may be
	 */
	boolean promise(HttpServletRequest request, String user) {
		if (!this.links.promisePlaces()) {
			return true;
		}
		// No session is started for a login that has no chance.
		if (request.getSession(false) == null && !this.links.havePlaceFor(user)) {
			this.links.refused(Refused.TOO_MANY_USER_SESSIONS);
			return false;
		}
		Link link = this.sessions.linkOf(request.getSession());
		if (!link.ownership().promisePlace(user)) {
			link.refused(Refused.TOO_MANY_USER_SESSIONS);
			return false;
		}
		request.setAttribute(ATTRIBUTE, link);
		return true;
	}

	/** Takes note that a request is over: what its login has not taken is free again. */
	void giveBack(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof Link promised) {
			promised.ownership().giveBackPlace();
		}
	}

}
