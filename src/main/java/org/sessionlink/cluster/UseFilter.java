package org.sessionlink.cluster;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.store.SessionAwayException;
import org.sessionlink.store.SessionLinks;

/**
 * Has each request that counts as activity use its session (B7), also one that the
 * application answers without: of the container's own sessions that holds by itself.
 */
final class UseFilter extends HttpFilter {

	private static final long serialVersionUID = 1;

	private final transient SessionLinks sessionLinks;

	UseFilter(SessionLinks sessionLinks) {
		this.sessionLinks = sessionLinks;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (this.sessionLinks.countsAsActivity(request)) {
			use(request);
		}
		chain.doFilter(request, response);
	}

	private static void use(HttpServletRequest request) {
		try {
			request.getSession(false);
		}
		catch (SessionAwayException ex) {
			// The application may need none; if it does, it hears of it.
			SessionsFilter.nothingLost();
		}
	}

}
