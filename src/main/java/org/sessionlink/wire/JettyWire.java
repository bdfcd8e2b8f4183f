package org.sessionlink.wire;

import java.io.IOException;

import jakarta.websocket.Session;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Jetty's WebSocket: only its asynchronous remote batches, and it waits for the peer as
 * it flushes.
 */
final class JettyWire extends WaitingWire {

	JettyWire(Session session) {
		super(session);
	}

	@Override
	void flushTogether(Iterable<WebSocketMessage<?>> messages, Together together) throws IOException {
		remote().setBatchingAllowed(true);
		try {
			sendAll(messages, together);
		}
		finally {
			// Flushes.
			remote().setBatchingAllowed(false);
		}
	}

}
