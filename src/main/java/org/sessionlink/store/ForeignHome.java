package org.sessionlink.store;

import jakarta.servlet.http.HttpSession;

/**
 * A session that a filter has put before the container's, such as Spring Session's: who
 * has made it keeps it alive, and ends it in a request alone.
 */
final class ForeignHome extends HeldHome {

	ForeignHome(HttpSession session) {
		super(session);
	}

	@Override
	void restartTimer(HttpSession live) {
		// It would have one only in a request.
	}

	@Override
	public void invalidate() {
		// It would reach for its request, which is over, and may be another by now.
	}

}
