package org.sessionlink.outbound;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** Gives each linked socket its gate as it opens, and registers it with its link. */
final class GatedHandler extends WebSocketHandlerDecorator {

	private static final Logger logger = LoggerFactory.getLogger(GatedHandler.class);

	GatedHandler(WebSocketHandler delegate) {
		super(delegate);
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Link link = SocketLink.in(session.getAttributes());
		if (link == null) {
			// The guard refuses its frames; nothing else reaches it.
			super.afterConnectionEstablished(session);
			return;
		}
		GatedSocket socket = new GatedSocket(session, link);
		socket.putInto(session.getAttributes());
		super.afterConnectionEstablished(socket);
		EndCause cause = link.add(socket) ? null : link.endCause();
		if (cause != null) {
			socket.end(cause);
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		GatedSocket socket = GatedSocket.in(session.getAttributes());
		if (socket != null) {
			socket.link().remove(socket);
			logger.debug("Socket {} of session {} closed: {}", socket.id(), socket.link().fingerprint(), status);
		}
		super.afterConnectionClosed(session, status);
	}

}
