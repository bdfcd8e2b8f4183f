package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Tomcat's WebSocket: its basic remote batches, and waits for the peer as it flushes; its
 * asynchronous one takes one message at a time, and a thread for each to say that it is
 * written.
 */
final class TomcatWire extends JakartaWire {

	// How long Tomcat waits for a peer that does not read: with a flush, and with a close
	// frame behind what is being written; 20 seconds if nobody says otherwise.
	private static final String TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private static final Long CLOSING = Duration.ofSeconds(1).toMillis();

	// The outbox closes the socket long before.
	private static final Long WRITING = Duration.ofDays(1).toMillis();

	TomcatWire(Session session) {
		super(session);
		stalled();
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		RemoteEndpoint.Basic basic = session().getBasicRemote();
		session().getUserProperties().put(TIMEOUT, WRITING);
		try {
			basic.setBatchingAllowed(true);
			super.writeTogether(messages, (error) -> {
			});
			// Flushes.
			basic.setBatchingAllowed(false);
		}
		finally {
			stalled();
		}
		written.accept(null);
	}

	/**
	 * Whoever closes looks at the time as the close begins, and must not wait as long as
	 * who writes.
	 */
	@Override
	public void stalled() {
		session().getUserProperties().put(TIMEOUT, CLOSING);
	}

}
