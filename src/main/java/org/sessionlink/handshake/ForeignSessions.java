package org.sessionlink.handshake;

import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.sessionlink.store.SessionLinks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns once where handshakes come with sessions that a filter has put before the
 * container's, and of whose end nobody tells SessionLink (B39).
 *
 * <p>
 * Safe for use by any thread: who finds the first one warns, by one atomic step.
 */
final class ForeignSessions {

	private static final Logger logger = LoggerFactory.getLogger(ForeignSessions.class);

	private final AtomicBoolean told = new AtomicBoolean();

	void look(HttpServletRequest request, HttpSession session) {
		if (!this.told.get() && isForeign(request, session) && this.told.compareAndSet(false, true)) {
			logger.warn("Handshakes come with sessions of {}, which a filter has put before those of the container: "
					+ "SessionLink hears of no request and no logout under them, and closes no socket for one. "
					+ "Leave that filter out, or end the link with the session: "
					+ "sessionLinks.linkOf(session).end(EndCause.ENDED)", session.getClass().getName());
		}
	}

	private static boolean isForeign(HttpServletRequest request, HttpSession session) {
		if (SessionLinks.hearOf(session)) {
			return false;
		}
		ServletRequest container = request;
		while (container instanceof ServletRequestWrapper wrapper) {
			container = wrapper.getRequest();
		}
		HttpSession own = (container instanceof HttpServletRequest http) ? http.getSession(false) : session;
		return own == null || !own.getId().equals(session.getId());
	}

}
