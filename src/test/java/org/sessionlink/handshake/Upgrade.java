package org.sessionlink.handshake;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** One handshake that comes to an interceptor, and what became of it. */
final class Upgrade {

	final MockHttpServletRequest request;

	final MockHttpServletResponse response = new MockHttpServletResponse();

	final Map<String, Object> attributes = new HashMap<>();

	Upgrade() {
		this(new MockHttpServletRequest("GET", "/greeting"));
		this.request.addHeader("Connection", "Upgrade");
		this.request.addHeader("Upgrade", "websocket");
		this.request.addHeader("Sec-WebSocket-Version", "13");
		this.request.addHeader("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
	}

	Upgrade(MockHttpServletRequest request) {
		this.request = request;
	}

	/** Returns whether the interceptor lets it pass. */
	boolean passes(HandshakeInterceptor interceptor) throws Exception {
		ServletServerHttpResponse answer = new ServletServerHttpResponse(this.response);
		boolean passes = interceptor.beforeHandshake(new ServletServerHttpRequest(this.request), answer,
				new TextWebSocketHandler(), this.attributes);
		answer.flush();
		return passes;
	}

	/** Returns status and body of the answer. */
	String answer() throws IOException {
		return this.response.getStatus() + " " + this.response.getContentAsString();
	}

}
