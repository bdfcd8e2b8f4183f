package org.sessionlink.store;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.util.AntPathMatcher;
import org.springframework.util.StringUtils;

/**
 * Which HTTP requests count as activity: those that somebody makes, and none that a page
 * makes by itself (B7, B8).
 *
 * <p>
 * Safe for use by any thread: endpoints are added as the application starts, to a list
 * that is copied with each.
 */
final class HttpActivity {

	private static final Set<String> READING = Set.of("GET", "HEAD");

	/** What the last part of the URL of a request of SockJS is; see also isSockJs. */
	private static final Set<String> SOCK_JS = Set.of("info", "websocket", "xhr", "xhr_send", "xhr_streaming",
			"eventsource", "htmlfile", "jsonp", "jsonp_send");

	private final AntPathMatcher paths = new AntPathMatcher();

	private final StoreSettings settings;

	private final List<String> endpoints = new CopyOnWriteArrayList<>();

	private final List<String> belowEndpoints = new CopyOnWriteArrayList<>();

	HttpActivity(StoreSettings settings) {
		this.settings = settings;
	}

	/**
	 * Takes note of endpoints for sockets, by their paths below a servlet that may be
	 * mapped to a path of its own.
	 */
	void socketsAt(String... endpoints) {
		for (String endpoint : endpoints) {
			String path = "/**/" + StringUtils.trimLeadingCharacter(endpoint, '/');
			this.endpoints.add(path);
			this.belowEndpoints.add(path + "/*/**");
		}
	}

	/** Returns the path of the endpoint that a request is for; null if it is for none. */
	@Nullable String endpoint(HttpServletRequest request) {
		String path = path(request);
		return this.endpoints.stream()
			.filter((endpoint) -> this.paths.match(endpoint, path) || this.paths.match(endpoint + "/**", path))
			.findFirst()
			.map((endpoint) -> endpoint.substring("/**".length()))
			.orElse(null);
	}

	/** Returns whether a request counts as activity. */
	boolean counts(HttpServletRequest request) {
		return !isPassive(request) && !isOfSocket(request);
	}

	/** Returns whether a request is one that pages make by themselves. */
	boolean isPassive(HttpServletRequest request) {
		return READING.contains(request.getMethod()) && this.settings.isPassive(path(request));
	}

	// Whether what opens a socket, or carries one, is activity its frames say.
	private boolean isOfSocket(HttpServletRequest request) {
		// Over HTTP/2 it is a CONNECT (RFC 8441).
		return "websocket".equalsIgnoreCase(request.getHeader("Upgrade")) || "CONNECT".equals(request.getMethod())
				|| isSockJs(path(request));
	}

	private boolean isSockJs(String path) {
		String last = path.substring(path.lastIndexOf('/') + 1);
		return (SOCK_JS.contains(last) || last.startsWith("iframe"))
				&& this.belowEndpoints.stream().anyMatch((pattern) -> this.paths.match(pattern, path));
	}

	private static String path(HttpServletRequest request) {
		String path = request.getRequestURI();
		// The context path may be written shorter than it is encoded.
		return path.substring(Math.min(request.getContextPath().length(), path.length()));
	}

}
