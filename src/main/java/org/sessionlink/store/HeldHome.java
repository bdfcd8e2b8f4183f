package org.sessionlink.store;

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session object itself, as Jetty and Undertow let it be used outside a request. */
record HeldHome(HttpSession session) implements SessionHome {

	private static final Logger logger = LoggerFactory.getLogger(HeldHome.class);

	@Override
	public boolean touch() {
		try {
			// Both restart a session's timer whenever its timeout is set, be it the same.
			this.session.setMaxInactiveInterval(this.session.getMaxInactiveInterval());
			return true;
		}
		catch (IllegalStateException ex) {
			logger.debug("A session could not be touched", ex);
			return false;
		}
	}

	@Override
	public void invalidate() {
		try {
			this.session.invalidate();
		}
		catch (IllegalStateException ex) {
			logger.debug("A session had ended already", ex);
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
