package org.sessionlink.outbound;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * Jetty's WebSocket: only its asynchronous remote batches, and it waits for the peer as
 * it flushes.
 */
final class JettyWire extends JakartaWire {

	JettyWire(Session session) {
		super(session);
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		Iterator<WebSocketMessage<?>> rest = messages.iterator();
		if (!rest.hasNext()) {
			written.accept(null);
			return;
		}
		WebSocketMessage<?> first = rest.next();
		if (!rest.hasNext()) {
			// Alone it costs less, and no thread waits.
			write(first, written);
			return;
		}
		Together together = new Together(written);
		remote().setBatchingAllowed(true);
		try {
			sendAll(List.of(first), together);
			sendAll(() -> rest, together);
		}
		finally {
			// Flushes.
			remote().setBatchingAllowed(false);
		}
		together.oneLess();
	}

}
