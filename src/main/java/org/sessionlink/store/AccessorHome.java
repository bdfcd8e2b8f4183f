package org.sessionlink.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accessor of a session (Servlet 6.1), which finds the session by its id and brings
 * it back into memory where it was swapped out.
 *
 * <p>
 * It is of one session id, so a home is made anew when that changes. A class of its own,
 * as it cannot be loaded on Servlet 6.0.
 */
final class AccessorHome implements SessionHome {

	private static final Logger logger = LoggerFactory.getLogger(AccessorHome.class);

	private final HttpSession.Accessor accessor;

	private final Duration timeout;

	AccessorHome(HttpSession session) {
		this.accessor = session.getAccessor();
		this.timeout = Duration.ofSeconds(session.getMaxInactiveInterval());
	}

	@Override
	public void touch() {
		try {
			this.accessor.access((session) -> {
			});
		}
		catch (IllegalStateException ex) {
			// No proof of an end: the container's event, or the link's own clock, is
			// (B21).
			logger.debug("A session could not be touched", ex);
		}
	}

	@Override
	public void invalidate() {
		try {
			this.accessor.access(HttpSession::invalidate);
		}
		catch (IllegalStateException ex) {
			logger.debug("A session had ended already", ex);
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
