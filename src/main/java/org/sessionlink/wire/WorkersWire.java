package org.sessionlink.wire;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;

/**
 * A wire whose writing takes threads of workers, which may wait for the peer: nobody else
 * does.
 */
abstract class WorkersWire implements Wire {

	final Executor workers;

	final WaitingThread waiting = new WaitingThread();

	WorkersWire(Executor workers) {
		this.workers = workers;
	}

	@Override
	public final void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		writeTogether(List.of(message), written);
	}

	@Override
	public abstract void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written);

	@Override
	public final int room(boolean mayWait) {
		return MOST_TOGETHER;
	}

	@Override
	public final boolean writesLater() {
		return true;
	}

	// It waits on a thread that is there for that.
	@Override
	public final boolean isWaiting() {
		return false;
	}

	@Override
	public final void free() {
		this.waiting.free();
	}

}
