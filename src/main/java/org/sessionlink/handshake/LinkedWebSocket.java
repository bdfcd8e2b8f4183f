package org.sessionlink.handshake;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.sessionlink.link.Timed;

import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/** An endpoint for WebSockets alone. */
final class LinkedWebSocket extends WebSocketHttpRequestHandler {

	private final HandshakeTime time;

	LinkedWebSocket(WebSocketHandler handler, HandshakeHandler handshakeHandler, HandshakeTime time) {
		super(handler, handshakeHandler);
		this.time = time;
	}

	@Override
	public void start() {
		setHandshakeInterceptors(Handshakes.checksFirst(getHandshakeInterceptors()));
		super.start();
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		this.time.of(request, response, Timed.HANDSHAKE_REFUSED, () -> super.handleRequest(request, response));
	}

}
