package org.sessionlink.cluster;

import java.io.IOException;
import java.util.function.Consumer;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionAwayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a request that needs a session which cannot be read or kept (503): that one
 * alone, as others may not need theirs.
 */
final class SessionsFilter extends HttpFilter {

	private static final long serialVersionUID = 1;

	private static final Logger logger = LoggerFactory.getLogger(SessionsFilter.class);

	private static final String RETRY_SECONDS = "5";

	/**
	 * What kept the request of this thread from its session, whatever the application has
	 * made of that since: its handlers may take any exception for an answer of their own.
	 */
	private static final ThreadLocal<@Nullable RuntimeException> kept = new ThreadLocal<>();

	private final transient Links links;

	private final transient Consumer<SharedSession> save;

	/**
	 * Makes it.
	 * @param save keeps what has changed of a session
	 */
	SessionsFilter(Links links, Consumer<SharedSession> save) {
		this.links = links;
		this.save = save;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		kept.remove();
		LateChanges before = LateChanges.begin(this::saveLate);
		try {
			chain.doFilter(request, response);
			RuntimeException cause = kept.get();
			if (cause != null && !response.isCommitted()) {
				refuse(response, cause);
			}
		}
		catch (RuntimeException | ServletException ex) {
			RuntimeException cause = SessionAwayException.in(ex);
			if (cause == null || response.isCommitted()) {
				throw ex;
			}
			refuse(response, cause);
		}
		finally {
			boolean all = kept.get() == null;
			kept.remove();
			LateChanges.end(request, before, all);
		}
	}

	private void saveLate(SharedSession session) {
		try {
			this.save.accept(session);
		}
		finally {
			nothingLost();
		}
	}

	/** Takes note of why the request of this thread does not have its session. */
	static <X extends RuntimeException> X without(X cause) {
		kept.set(cause);
		return cause;
	}

	/** Takes note that the request of this thread has lost nothing by that. */
	static void nothingLost() {
		kept.remove();
	}

	private void refuse(HttpServletResponse response, RuntimeException cause) throws IOException {
		this.links.refused(Refused.STORE_AWAY);
		if (cause instanceof UnreadableSessionException) {
			logger.warn("A request is refused, as its session cannot be read: {}", cause.getMessage(), cause);
		}
		response.reset();
		response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
		response.setHeader("Retry-After", RETRY_SECONDS);
		response.setHeader("Cache-Control", "no-store");
		response.setContentType("application/json;charset=UTF-8");
		response.getWriter()
			.write("{\"error\":\"" + Refused.STORE_AWAY.code()
					+ "\",\"message\":\"The server cannot look after sessions at the moment: try again in a while.\"}");
	}

}
