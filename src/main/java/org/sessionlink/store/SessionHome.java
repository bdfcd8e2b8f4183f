package org.sessionlink.store;

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import org.sessionlink.link.Home;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container's own session as the home of a link, beyond the request that brought it.
 *
 * <p>
 * Safe for use by any thread: who touches the session remembers its timeout, by one
 * volatile write, as one that has ended, or is not in memory, does not tell it.
 */
abstract class SessionHome implements Home {

	private static final Logger logger = LoggerFactory.getLogger(SessionHome.class);

	private volatile Duration timeout;

	SessionHome(HttpSession session) {
		this.timeout = timeoutOf(session);
	}

	/**
	 * Lets somebody use the live session.
	 * @throws IllegalStateException if it has ended, or cannot be brought into memory
	 */
	abstract <T> T use(Function<HttpSession, T> use);

	@Override
	public boolean touch() {
		try {
			use((live) -> {
				restartTimer(live);
				this.timeout = timeoutOf(live);
				return true;
			});
			return true;
		}
		catch (IllegalStateException ex) {
			logger.debug("A session could not be touched", ex);
			return false;
		}
	}

	/**
	 * Has the container count the timeout from now on. Jetty and Undertow do whenever it
	 * is set, be it the same.
	 */
	void restartTimer(HttpSession live) {
		live.setMaxInactiveInterval(live.getMaxInactiveInterval());
	}

	@Override
	public void invalidate() {
		try {
			use((session) -> {
				session.invalidate();
				return true;
			});
		}
		catch (IllegalStateException ex) {
			logger.debug("A session had ended already", ex);
		}
	}

	/** Takes note of the timeout that the session has now. */
	final void timeout(Duration now) {
		this.timeout = now;
	}

	@Override
	public final Duration timeout() {
		return this.timeout;
	}

	/** Returns the timeout that a session has now. */
	static Duration timeoutOf(HttpSession session) {
		return Duration.ofSeconds(session.getMaxInactiveInterval());
	}

	/** Returns what makes homes of sessions on the container of this application. */
	static Function<HttpSession, SessionHome> in(ServletContext servletContext) {
		Function<HttpSession, SessionHome> ofContainer = ofContainer(servletContext);
		return (session) -> SpringSessions.haveMade(session) ? new ForeignHome(session) : ofContainer.apply(session);
	}

	private static Function<HttpSession, SessionHome> ofContainer(ServletContext servletContext) {
		// Of the three only Tomcat ignores a timeout that is set again, and only its
		// accessor does what Servlet 6.1 says.
		String server = servletContext.getServerInfo();
		if (server.contains("Tomcat")) {
			return AccessorHome::of;
		}
		return server.startsWith("jetty") ? JettyHome::new : HeldHome::new;
	}

}
