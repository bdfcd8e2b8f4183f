package org.sessionlink.store;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;

/**
 * The accessor of a session (Servlet 6.1), which finds the session by its id and brings
 * it back into memory where it was swapped out.
 *
 * <p>
 * It is of one session id, so a home is made anew when that changes. A class of its own,
 * as it cannot be loaded on Servlet 6.0.
 */
final class AccessorHome extends SessionHome {

	private final HttpSession.Accessor accessor;

	private AccessorHome(HttpSession session, HttpSession.Accessor accessor) {
		super(session);
		this.accessor = accessor;
	}

	/** Returns the home of a session, which may be none of the container's. */
	static SessionHome of(HttpSession session) {
		HttpSession.Accessor accessor = session.getAccessor();
		return (accessor != null) ? new AccessorHome(session, accessor) : new ForeignHome(session);
	}

	@Override
	void restartTimer(HttpSession live) {
		// Each access does.
	}

	@Override
	<T> T use(Function<HttpSession, T> use) {
		AtomicReference<T> result = new AtomicReference<>();
		this.accessor.access((session) -> result.set(use.apply(session)));
		return result.get();
	}

}
