package org.sessionlink.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Tomcat's WebSocket: its basic remote batches, and waits for the peer as it flushes; its
 * asynchronous one takes one message at a time, and a thread for each to say that it is
 * written.
 */
final class TomcatWire extends WaitingWire {

	// How long Tomcat waits for a peer that does not read: with a flush, and with a close
	// frame behind what is being written; 20 seconds if nobody says otherwise.
	private static final String TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private static final Long CLOSING = Duration.ofSeconds(1).toMillis();

	// The outbox closes the socket long before.
	private static final Long WRITING = Duration.ofDays(1).toMillis();

	// Tomcat gives them out no more once the socket has closed.
	private final Map<String, Object> properties;

	TomcatWire(Session session) {
		super(session);
		this.properties = session.getUserProperties();
		this.properties.put(TIMEOUT, CLOSING);
	}

	@Override
	void flushTogether(Iterable<WebSocketMessage<?>> messages, Together together) throws IOException {
		RemoteEndpoint.Basic basic = session().getBasicRemote();
		this.properties.put(TIMEOUT, WRITING);
		try {
			basic.setBatchingAllowed(true);
			for (WebSocketMessage<?> message : messages) {
				send(basic, message);
			}
			// Flushes.
			basic.setBatchingAllowed(false);
		}
		finally {
			this.properties.put(TIMEOUT, CLOSING);
		}
	}

	private static void send(RemoteEndpoint.Basic basic, WebSocketMessage<?> message) throws IOException {
		if (message instanceof BinaryMessage binary) {
			// A duplicate, as others are sent the same one.
			basic.sendBinary(binary.getPayload().duplicate());
		}
		else {
			basic.sendText((String) message.getPayload());
		}
	}

	// Whoever closes looks at the time as the close begins, and must not wait as long as
	// who writes.
	@Override
	public boolean isWaiting() {
		boolean waits = super.isWaiting();
		if (waits) {
			this.properties.put(TIMEOUT, CLOSING);
		}
		return waits;
	}

	@Override
	public void free() {
		this.properties.put(TIMEOUT, CLOSING);
		super.free();
	}

}
