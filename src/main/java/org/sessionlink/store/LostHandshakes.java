package org.sessionlink.store;

import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once, of a handshake over HTTP/2 that something in front of its endpoint has
 * answered (B44): Spring Security does, unless it is told of CONNECT, and there is no
 * WebSocket at all then.
 *
 * <p>
 * Safe for use by any thread: the first that sets the one flag warns.
 */
public final class LostHandshakes {

	private static final Logger logger = LoggerFactory.getLogger(LostHandshakes.class);

	private static final String ARRIVED = LostHandshakes.class.getName() + ".arrived";

	private final AtomicBoolean warned = new AtomicBoolean();

	LostHandshakes() {
	}

	/**
	 * Takes note of a handshake that has come to its endpoint, whatever becomes of it.
	 */
	public static void arrived(HttpServletRequest handshake) {
		handshake.setAttribute(ARRIVED, true);
	}

	/** Returns whether a request can be an extended CONNECT: HTTP/1.1 has none. */
	static boolean canBe(HttpServletRequest request) {
		return "CONNECT".equals(request.getMethod()) && !request.getProtocol().startsWith("HTTP/1");
	}

	/**
	 * Looks at a CONNECT that is over.
	 * @param endpoint the endpoint that it was for, or null
	 */
	void look(HttpServletRequest request, @Nullable String endpoint) {
		if (endpoint != null && request.getAttribute(ARRIVED) == null && this.warned.compareAndSet(false, true)) {
			logger.warn(
					"A WebSocket handshake over HTTP/2, a CONNECT of {}, was answered before it came to its endpoint. "
							+ "Where Spring Security has refused it, as it does by default, let its HttpFirewall and "
							+ "its CsrfFilter pass CONNECT; see \"Over HTTP/2\" in the chapter on your own WAR.",
					endpoint);
		}
	}

}
