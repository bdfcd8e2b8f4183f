package org.sessionlink.store;

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/**
 * The session object itself, as Undertow lets it be used outside a request.
 *
 * <p>
 * Safe for use by any thread: who touches the session remembers its timeout, by one
 * volatile write, as one that has ended does not tell it.
 */
final class HeldHome implements SessionHome {

	private final HttpSession session;

	private volatile Duration timeout;

	HeldHome(HttpSession session) {
		this.session = session;
		this.timeout = SessionHome.timeoutOf(session);
	}

	@Override
	public boolean touch() {
		try {
			// It restarts a session's timer whenever its timeout is set, be it the same.
			this.session.setMaxInactiveInterval(this.session.getMaxInactiveInterval());
			this.timeout = SessionHome.timeoutOf(this.session);
			return true;
		}
		catch (IllegalStateException ex) {
			logger.debug("A session could not be touched", ex);
			return false;
		}
	}

	@Override
	public Duration timeout() {
		return this.timeout;
	}

	@Override
	public <T> T use(Function<HttpSession, T> use) {
		return use.apply(this.session);
	}

}
