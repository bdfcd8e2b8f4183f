package org.sessionlink.outbound;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Writes on a thread that may block: for what is no WebSocket of a container, such as
 * SockJS, or is wrapped by somebody, who must see what is sent.
 */
record BlockingWire(WebSocketSession session, Executor workers) implements Wire {

	@Override
	public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		writeTogether(List.of(message), written);
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
		this.workers.execute(() -> written.accept(write(messages)));
	}

	@Override
	public boolean waits() {
		return false;
	}

	private @Nullable Throwable write(Iterable<WebSocketMessage<?>> messages) {
		try {
			for (WebSocketMessage<?> message : messages) {
				this.session.sendMessage(message);
			}
			return null;
		}
		catch (IOException | RuntimeException ex) {
			return ex;
		}
	}

	@Override
	public void writeLast(WebSocketMessage<?> message, long waitMillis) throws IOException {
		this.session.sendMessage(message);
	}

}
