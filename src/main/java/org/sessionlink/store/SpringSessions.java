package org.sessionlink.store;

import java.util.Collections;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestAttributeEvent;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of Spring Session, which its filter puts before the container's, and of which
 * the container tells nobody. The filter keeps the one that a request uses among the
 * attributes of that request, and takes out one that ends (B39).
 */
final class SpringSessions {

	private static final String CURRENT = "org.springframework.session.SessionRepository.CURRENT_SESSION";

	private static final String PACKAGE = "org.springframework.session.";

	private SpringSessions() {
	}

	/** Returns whether a session is one of them. */
	static boolean haveMade(HttpSession session) {
		return session.getClass().getName().startsWith(PACKAGE);
	}

	/** Returns the session that a request uses, or null. */
	static @Nullable HttpSession in(ServletRequest request) {
		return (request.getAttribute(CURRENT) instanceof HttpSession session) ? session : null;
	}

	/** Returns the session that is put into a request or taken out of it, or null. */
	static @Nullable HttpSession in(ServletRequestAttributeEvent event) {
		return (CURRENT.equals(event.getName()) && event.getValue() instanceof HttpSession session) ? session : null;
	}

	/** Returns whether a session that is taken out of a request has ended. */
	static boolean hasEnded(HttpSession session) {
		try {
			session.getCreationTime();
			return false;
		}
		catch (IllegalStateException ex) {
			return true;
		}
	}

	/**
	 * Leaves nothing in a session that is over, while its request goes on with it: by
	 * then others may hold it, and would fail if it ended.
	 */
	static void empty(HttpSession session) {
		Collections.list(session.getAttributeNames()).forEach(session::removeAttribute);
	}

}
