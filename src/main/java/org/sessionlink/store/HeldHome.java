package org.sessionlink.store;

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/** The session object itself, as Undertow lets it be used outside a request. */
record HeldHome(HttpSession session) implements SessionHome {

	@Override
	public boolean touch() {
		try {
			// It restarts a session's timer whenever its timeout is set, be it the same.
			this.session.setMaxInactiveInterval(this.session.getMaxInactiveInterval());
			return true;
		}
		catch (IllegalStateException ex) {
			logger.debug("A session could not be touched", ex);
			return false;
		}
	}

	@Override
	public Duration timeout() {
		return SessionHome.timeoutOf(this.session);
	}

	@Override
	public <T> T use(Function<HttpSession, T> use) {
		return use.apply(this.session);
	}

}
