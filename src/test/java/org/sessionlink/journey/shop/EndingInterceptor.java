package org.sessionlink.journey.shop;

import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
import org.sessionlink.link.SocketLink;

import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** Ends the session of a handshake at the step that its query names. */
class EndingInterceptor implements HandshakeInterceptor {

	private static final String STEP = "end";

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) {
		endAt("interceptor", ((ServletServerHttpRequest) request).getServletRequest());
		attributes.put(STEP, String.valueOf(request.getURI().getQuery()));
		return true;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Exception exception) {
		// The filter knows a later step.
	}

	static void endAt(String step, Map<String, Object> attributes) {
		SocketLink socket = SocketLink.in(attributes);
		if (socket != null && ("end=" + step).equals(attributes.get(STEP))) {
			socket.link().home().invalidate();
		}
	}

	static void endAt(String step, HttpServletRequest request) {
		if (("end=" + step).equals(request.getQueryString())) {
			request.getSession().invalidate();
		}
	}

}
