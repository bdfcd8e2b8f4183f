package org.sessionlink.handshake;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketExtension;
import org.springframework.web.socket.WebSocketHandler;

/**
 * Upgrades a request without showing its principal to the container: Tomcat would close
 * the sockets of a principal itself when the HTTP session ends, without a word about the
 * cause (B6). Spring's socket has the principal all the same (G8).
 */
final class UnboundUpgrade extends PlainUpgrade {

	@Override
	public void upgrade(ServerHttpRequest request, ServerHttpResponse response, @Nullable String selectedProtocol,
			List<WebSocketExtension> selectedExtensions, @Nullable Principal user, WebSocketHandler handler,
			Map<String, Object> attributes) {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		super.upgrade(new ServletServerHttpRequest(new WithoutPrincipal(servletRequest)), response, selectedProtocol,
				selectedExtensions, user, handler, attributes);
	}

	private static final class WithoutPrincipal extends HttpServletRequestWrapper {

		WithoutPrincipal(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable Principal getUserPrincipal() {
			return null;
		}

	}

}
