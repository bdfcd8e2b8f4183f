package org.sessionlink.wire;

import java.io.IOException;
import java.util.function.Consumer;

import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * A container's WebSocket whose flush waits for the peer.
 *
 * <p>
 * A peer that has let a thread wait is offered one message alone the next time, which
 * waits for nobody. Once it has taken that, it is offered twice as much each time that it
 * takes all without letting a thread wait. What counts is that a thread was seen parked
 * inside the container: one that is late because the machine is busy is not.
 *
 * <p>
 * How much is offered is one volatile number, written by the write under way, of which
 * there is one at a time.
 */
abstract class WaitingWire extends JakartaWire {

	private static final int FIRST = 2 * 1024;

	private volatile int room = MOST_TOGETHER;

	WaitingWire(Session session) {
		super(session);
	}

	@Override
	public final int room(boolean mayWait) {
		return mayWait ? this.room : 0;
	}

	@Override
	public final void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		super.write(message, (this.room == 0) ? (error) -> {
			this.room = FIRST;
			written.accept(error);
		} : written);
	}

	@Override
	public final void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		Together together = new Together(written);
		boolean waited = waiting().during(() -> flushTogether(messages, together));
		this.room = waited ? 0 : Math.min(MOST_TOGETHER, 2 * this.room);
		together.oneLess();
	}

	/** Writes all, and flushes. */
	abstract void flushTogether(Iterable<WebSocketMessage<?>> messages, Together together) throws IOException;

}
