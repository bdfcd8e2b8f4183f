package org.sessionlink.wire;

import java.io.IOException;
import java.util.List;
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
final class BlockingWire implements Wire {

	private final WebSocketSession session;

	private final Executor workers;

	private final @Nullable JakartaWire beneath;

	private final WaitingThread waiting = new WaitingThread();

	BlockingWire(WebSocketSession session, Executor workers) {
		this.session = session;
		this.workers = workers;
		this.beneath = JakartaWire.beneath(session);
	}

	@Override
	public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		writeTogether(List.of(message), written);
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
		this.workers.execute(() -> written.accept(write(messages)));
	}

	private @Nullable Throwable write(Iterable<WebSocketMessage<?>> messages) {
		try {
			this.waiting.during(() -> {
				for (WebSocketMessage<?> message : messages) {
					this.session.sendMessage(message);
				}
			});
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	@Override
	public int room(boolean mayWait) {
		return MOST_TOGETHER;
	}

	@Override
	public boolean writesLater() {
		return true;
	}

	@Override
	public void ping(Consumer<@Nullable Throwable> written) {
		if (this.beneath != null && WebSocketSessionDecorator.unwrap(this.session) instanceof SockJsSession) {
			JakartaWire container = this.beneath;
			this.workers.execute(() -> written.accept(ping(container)));
			return;
		}
		write(new PingMessage(), written);
	}

	// SockJS has none, but its container's WebSocket has.
	private @Nullable Throwable ping(JakartaWire container) {
		try {
			this.waiting.during(container::ping);
			return null;
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	// It waits on a thread that is there for that.
	@Override
	public boolean isWaiting() {
		return false;
	}

	@Override
	public void free() {
		this.waiting.free();
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
