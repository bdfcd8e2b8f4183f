package org.sessionlink.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.sessionlink.store.SessionAwayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;

/**
 * Answers what goes wrong with a status and a plain sentence, where the containers have
 * pages of their own that show exceptions and versions. A path or parameters that cannot
 * be decoded are answered with 400 before anyone else tries.
 */
final class PlainErrors extends HttpFilter {

	private static final long serialVersionUID = 1L;

	private static final Logger logger = LoggerFactory.getLogger(PlainErrors.class);

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!isDecodable(request)) {
			answer(response, HttpServletResponse.SC_BAD_REQUEST);
			return;
		}
		try {
			chain.doFilter(request, new PlainResponse(response));
		}
		catch (ServletException | RuntimeException ex) {
			if (response.isCommitted() || SessionAwayException.in(ex) != null) {
				throw ex;
			}
			logger.error("A request failed", ex);
			answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
		}
	}

	private static boolean isDecodable(HttpServletRequest request) {
		try {
			PathContainer.parsePath(request.getRequestURI());
			request.getParameterMap();
			return true;
		}
		catch (RuntimeException ex) {
			// Each container has exceptions of its own for it.
			logger.debug("Request refused with 400: its path or parameters cannot be decoded", ex);
			return false;
		}
	}

	private static void answer(HttpServletResponse response, int status) throws IOException {
		response.resetBuffer();
		response.setStatus(status);
		response.setContentType(MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8");
		write(response, sentence(status));
		response.flushBuffer();
	}

	private static void write(HttpServletResponse response, String sentence) throws IOException {
		try {
			response.getOutputStream().write(sentence.getBytes(StandardCharsets.US_ASCII));
		}
		catch (IllegalStateException ex) {
			// Somebody has begun to write text.
			response.getWriter().write(sentence);
		}
	}

	private static String sentence(int status) {
		return switch (status) {
			case HttpServletResponse.SC_BAD_REQUEST ->
				"This request is not well-formed: look at its path and parameters.";
			case HttpServletResponse.SC_NOT_FOUND -> "There is nothing at this path.";
			case HttpServletResponse.SC_METHOD_NOT_ALLOWED -> "This path does not take this method.";
			default -> (status < HttpServletResponse.SC_INTERNAL_SERVER_ERROR) ? "This request was refused."
					: "The server could not handle this request: its log says why.";
		};
	}

	/** Has no use for the words of others. */
	private static final class PlainResponse extends HttpServletResponseWrapper {

		PlainResponse(HttpServletResponse response) {
			super(response);
		}

		@Override
		public void sendError(int status) throws IOException {
			answer((HttpServletResponse) getResponse(), status);
		}

		@Override
		public void sendError(int status, String message) throws IOException {
			sendError(status);
		}

	}

}
