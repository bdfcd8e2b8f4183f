package org.sessionlink.store;

import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/**
 * A session that a filter has put before the container's, such as Spring Session's: who
 * has made it keeps it alive, and it may fail in its own way once its request is over.
 */
final class ForeignHome extends SessionHome {

	private final HttpSession session;

	ForeignHome(HttpSession session) {
		super(session);
		this.session = session;
	}

	@Override
	void restartTimer(HttpSession live) {
		// It would have one only in a request.
	}

	@Override
	<T> T use(Function<HttpSession, T> use) {
		return use(this.session, use);
	}

	/** Lets somebody use such a session; Jetty's request behind it is null by then. */
	static <T> T use(HttpSession session, Function<HttpSession, T> use) {
		try {
			return use.apply(session);
		}
		catch (NullPointerException ex) {
			throw new IllegalStateException("Without its request the session cannot be used so", ex);
		}
	}

}
