package org.sessionlink.journey.shop;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.FilterChain;
import jakarta.servlet.GenericFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;

/**
 * Puts sessions of its own before the container's, for who asks for one by a header, and
 * keeps the one of a request where Spring Session's filter does.
 */
class OwnSessionFilter extends GenericFilter {

	private static final long serialVersionUID = 1L;

	private static final String CURRENT = "org.springframework.session.SessionRepository.CURRENT_SESSION";

	private final transient Map<String, HttpSession> sessions = new ConcurrentHashMap<>();

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		String id = ((HttpServletRequest) request).getHeader("Own-Session");
		if (id == null) {
			chain.doFilter(request, response);
			return;
		}
		chain.doFilter(new OwnRequest((HttpServletRequest) request, id), response);
		if (!this.sessions.containsKey(id)) {
			// As the end of a session does to the request that ends it.
			request.removeAttribute(CURRENT);
		}
	}

	private HttpSession session(String id) {
		Map<String, Object> attributes = new ConcurrentHashMap<>();
		long created = System.currentTimeMillis();
		return (HttpSession) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { HttpSession.class },
				(proxy, method, arguments) -> switch (method.getName()) {
					case "getId" -> id;
					case "getCreationTime" -> {
						if (this.sessions.get(id) != proxy) {
							throw new IllegalStateException("It has ended");
						}
						yield created;
					}
					case "getMaxInactiveInterval" -> 1800;
					case "getAttribute" -> attributes.get(arguments[0]);
					case "getAttributeNames" -> Collections.enumeration(attributes.keySet());
					case "setAttribute" -> attributes.put((String) arguments[0], arguments[1]);
					case "removeAttribute" -> attributes.remove(arguments[0]);
					case "invalidate" -> this.sessions.remove(id);
					case "isNew" -> false;
					case "hashCode" -> System.identityHashCode(proxy);
					case "equals" -> proxy == arguments[0];
					default -> null;
				});
	}

	private final class OwnRequest extends HttpServletRequestWrapper {

		private final String id;

		OwnRequest(HttpServletRequest request, String id) {
			super(request);
			this.id = id;
		}

		@Override
		public HttpSession getSession() {
			return getSession(true);
		}

		@Override
		public HttpSession getSession(boolean create) {
			Map<String, HttpSession> all = OwnSessionFilter.this.sessions;
			HttpSession session = create ? all.computeIfAbsent(this.id, OwnSessionFilter.this::session)
					: all.get(this.id);
			if (session != null) {
				setAttribute(CURRENT, session);
			}
			return session;
		}

	}

}
