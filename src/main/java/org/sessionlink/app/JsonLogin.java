package org.sessionlink.app;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets Spring Security's form login read {@code {"username", "password"}} as well: what
 * is no such JSON has neither.
 */
final class JsonLogin extends OncePerRequestFilter {

	private static final Logger logger = LoggerFactory.getLogger(JsonLogin.class);

	private static final int LONGEST = 8192;

	/** The request that logs somebody in. */
	static final RequestMatcher LOGIN = PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.POST, "/login");

	private final JsonMapper json = new JsonMapper();

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		String type = request.getContentType();
		return type == null || !type.startsWith(MediaType.APPLICATION_JSON_VALUE) || !LOGIN.matches(request);
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(new JsonRequest(request, read(request)), response);
	}

	private JsonNode read(HttpServletRequest request) throws IOException {
		try {
			return this.json.readTree(request.getInputStream().readNBytes(LONGEST));
		}
		catch (JacksonException ex) {
			logger.debug("A login that is not readable");
			return this.json.missingNode();
		}
	}

	/** Has what the body says for parameters. */
	private static final class JsonRequest extends HttpServletRequestWrapper {

		private final JsonNode body;

		JsonRequest(HttpServletRequest request, JsonNode body) {
			super(request);
			this.body = body;
		}

		@Override
		public @Nullable String getParameter(String name) {
			JsonNode value = this.body.path(name);
			return value.isString() ? value.stringValue() : null;
		}

	}

}
