package org.sessionlink.wire;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

/**
 * Writes on a thread that may wait for the peer: for what is no WebSocket of a container,
 * such as SockJS, or is wrapped by somebody, who must see what is sent.
 */
final class BlockingWire extends WorkersWire {

	private final WebSocketSession session;

	private final @Nullable JakartaWire beneath;

	BlockingWire(WebSocketSession session, Executor workers) {
		super(workers);
		this.session = session;
		this.beneath = JakartaWire.beneath(session);
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
		onWorker(() -> {
			for (WebSocketMessage<?> message : messages) {
				this.session.sendMessage(message);
			}
		}, written);
	}

	private void onWorker(WaitingThread.Writing writing, Consumer<@Nullable Throwable> written) {
		this.workers.execute(() -> written.accept(failureOf(writing)));
	}

	private @Nullable Throwable failureOf(WaitingThread.Writing writing) {
		try {
			this.waiting.during(writing);
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	@Override
	public void ping(Consumer<@Nullable Throwable> written) {
		if (this.beneath != null && WebSocketSessionDecorator.unwrap(this.session) instanceof SockJsSession) {
			// SockJS has none, but its container's WebSocket has.
			onWorker(this.beneath::ping, written);
			return;
		}
		write(new PingMessage(), written);
	}

	// A response ends with the thread that writes it, and no WebSocket of a container.
	@Override
	public void letGo() {
		free();
		if (this.beneath != null) {
			this.beneath.letGo();
		}
	}

}
