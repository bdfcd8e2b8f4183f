package org.sessionlink.handshake;

import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/** An endpoint for WebSockets alone. */
final class LinkedWebSocket extends WebSocketHttpRequestHandler {

	LinkedWebSocket(WebSocketHandler handler, HandshakeHandler handshakeHandler) {
		super(handler, handshakeHandler);
	}

	@Override
	public void start() {
		setHandshakeInterceptors(Handshakes.checksFirst(getHandshakeInterceptors()));
		super.start();
	}

}
