package org.sessionlink.handshake;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Takes over, as a socket opens, whom the application's own handshake handler has
 * determined as its user (B39).
 */
final class DeterminedUser extends WebSocketHandlerDecorator {

	private final @Nullable Principal ofRequest;

	DeterminedUser(WebSocketHandler delegate, @Nullable Principal ofRequest) {
		super(delegate);
		this.ofRequest = ofRequest;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		SocketLink socket = SocketLink.in(session.getAttributes());
		Principal user = session.getPrincipal();
		if (socket != null && user != null && !user.equals(this.ofRequest)) {
			socket.determined(user);
		}
		super.afterConnectionEstablished(session);
	}

}
