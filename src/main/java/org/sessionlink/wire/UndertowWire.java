package org.sessionlink.wire;

import java.io.IOException;
import java.util.function.Consumer;

import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Undertow's WebSocket, that of WildFly: only its asynchronous remote batches; a flush
 * waits for nobody, and is told to have written when it has.
 */
final class UndertowWire extends JakartaWire {

	UndertowWire(Session session) {
		super(session);
	}

	@Override
	public int room(boolean mayWait) {
		return MOST_TOGETHER;
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		Together together = new Together(written);
		remote().setBatchingAllowed(true);
		try {
			sendAll(messages, together);
		}
		finally {
			// First this, or Undertow's own close frames would wait for a flush.
			remote().setBatchingAllowed(false);
			remote().flushBatch();
		}
		together.oneLess();
	}

}
