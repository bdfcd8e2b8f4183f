package org.sessionlink.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/**
 * The accessor of a session (Servlet 6.1), which finds the session by its id and brings
 * it back into memory where it was swapped out.
 *
 * <p>
 * It is of one session id, so a home is made anew when that changes. A class of its own,
 * as it cannot be loaded on Servlet 6.0. Safe for use by any thread: who touches the
 * session remembers its timeout, by one volatile write.
 */
final class AccessorHome implements SessionHome {

	private final HttpSession.Accessor accessor;

	private volatile Duration timeout;

	AccessorHome(HttpSession session) {
		this.accessor = session.getAccessor();
		this.timeout = SessionHome.timeoutOf(session);
	}

	@Override
	public boolean touch() {
		try {
			this.accessor.access((session) -> this.timeout = SessionHome.timeoutOf(session));
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
		AtomicReference<T> result = new AtomicReference<>();
		this.accessor.access((session) -> result.set(use.apply(session)));
		return result.get();
	}

}
