package org.sessionlink.handshake;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.link.Links;
import org.sessionlink.link.Timed;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.util.DisconnectedClientHelper;

/**
 * Takes the time of handshakes: of requests that reach the first of the checks, and none
 * of SockJS's others.
 */
final class HandshakeTime {

	private static final String BEGUN = HandshakeTime.class.getName();

	private static final int REFUSED = 400;

	private static final int FAILED = 500;

	/** By its name, as an application may be without Spring Security. */
	private static final String REJECTED = "org.springframework.security.web.firewall.RequestRejectedException";

	private final Links links;

	HandshakeTime(Links links) {
		this.links = links;
	}

	/** What a request is answered by. */
	interface Answer {

		void run() throws ServletException, IOException;

	}

	/** Takes note that the request is a handshake. */
	static void begun(HttpServletRequest request) {
		request.setAttribute(BEGUN, true);
	}

	/** Takes note that it has led to a socket. */
	static void opened(HttpServletRequest request) {
		request.setAttribute(BEGUN, Timed.HANDSHAKE_OPENED);
	}

	/**
	 * Has a request answered.
	 * @param unsaid what has become of a handshake where neither the status nor anybody
	 * says so: an interceptor of the application's may refuse one without a word
	 */
	void of(HttpServletRequest request, HttpServletResponse response, Timed unsaid, Answer answer)
			throws ServletException, IOException {
		long begun = this.links.clock().nanoTime();
		boolean failed = true;
		try {
			answer.run();
			failed = false;
		}
		catch (RuntimeException | ServletException | IOException ex) {
			failed = !isTheClients(ex);
			throw ex;
		}
		finally {
			Object known = request.getAttribute(BEGUN);
			if (known != null) {
				Timed outcome = failed ? Timed.HANDSHAKE_FAILED
						: outcome((known instanceof Timed said) ? said : unsaid, response.getStatus());
				this.links.timings().took(outcome, this.links.clock().nanoTime() - begun);
			}
		}
	}

	// Anybody may come and go, or send a header that Spring Security refuses as it is
	// read:
	// that is no defect.
	private static boolean isTheClients(Exception ex) {
		return DisconnectedClientHelper.isClientDisconnectedException(ex)
				|| NestedExceptionUtils.getMostSpecificCause(ex).getClass().getName().equals(REJECTED);
	}

	private static Timed outcome(Timed known, int status) {
		// What cannot be taken now is refused on purpose, as while clients are let go.
		if (status >= FAILED && status != HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
			return Timed.HANDSHAKE_FAILED;
		}
		return (status >= REFUSED) ? Timed.HANDSHAKE_REFUSED : known;
	}

}
