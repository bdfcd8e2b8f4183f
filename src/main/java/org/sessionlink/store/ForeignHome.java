package org.sessionlink.store;

import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/**
 * A session that a filter has put before the container's, such as Spring Session's: who
 * has made it keeps it alive, and ends it in a request alone.
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
		return use.apply(this.session);
	}

	@Override
	public void invalidate() {
		// It would reach for its request, which is over, and may be another by now.
	}

}
