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
 */
interface SessionHome extends Home {

	Logger logger = LoggerFactory.getLogger(SessionHome.class);

	/**
	 * Lets somebody use the live session.
	 * @throws IllegalStateException if it has ended, or cannot be brought into memory
	 */
	<T> T use(Function<HttpSession, T> use);

	@Override
	default void invalidate() {
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

	/** Returns the timeout that a session has now. */
	static Duration timeoutOf(HttpSession session) {
		return Duration.ofSeconds(session.getMaxInactiveInterval());
	}

	/** Returns what makes homes of sessions on the container of this application. */
	static Function<HttpSession, SessionHome> in(ServletContext servletContext) {
		// Of the three only Tomcat ignores a timeout that is set again, and only its
		// accessor does what Servlet 6.1 says.
		String server = servletContext.getServerInfo();
		if (server.contains("Tomcat")) {
			return AccessorHome::new;
		}
		return server.startsWith("jetty") ? JettyHome::new : HeldHome::new;
	}

}
