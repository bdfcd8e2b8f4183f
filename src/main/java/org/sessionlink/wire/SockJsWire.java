package org.sessionlink.wire;

import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.sockjs.transport.session.AbstractHttpSockJsSession;

/**
 * Writes to a client of SockJS that has no WebSocket, and asks for messages by one
 * request after the other. Spring would take a hundred at any time, and keep them where
 * no gate reaches them any more (B5, B13): so a letter is held while there is no request,
 * and opened when one comes. What comes then at once goes out as one answer.
 *
 * <p>
 * Safe for use by any thread: which letter is held, and what closes the session, changes
 * under the monitor, nothing is written there; whoever takes a letter writes it alone,
 * and one request is answered at a time, by a lock that nobody waits for.
 */
final class SockJsWire extends WorkersWire {

	private final WebSocketSession session;

	private final AbstractHttpSockJsSession http;

	private final ReentrantLock answering = new ReentrantLock();

	private @Nullable Letter held;

	private @Nullable Runnable close;

	private boolean letGo;

	/** Some messages, and who hears that they are written. */
	private record Letter(Iterator<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
	}

	/**
	 * Makes it.
	 * @param session takes the messages
	 * @param http what it is beneath what wraps it
	 */
	SockJsWire(WebSocketSession session, AbstractHttpSockJsSession http, Executor workers) {
		super(workers);
		this.session = session;
		this.http = http;
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
		Letter letter = new Letter(messages.iterator(), written);
		if (!hold(letter)) {
			this.workers.execute(() -> write(letter));
		}
	}

	private synchronized boolean hold(Letter letter) {
		boolean away = isAway();
		if (away) {
			this.held = letter;
		}
		return away;
	}

	private boolean isAway() {
		return this.http.isOpen() && !this.http.isActive();
	}

	private void write(Letter letter) {
		try {
			// Asked before the gate of the next message is.
			while (!hold(letter)) {
				if (!letter.messages().hasNext()) {
					letter.written().accept(null);
					goOn();
					return;
				}
				WebSocketMessage<?> next = letter.messages().next();
				this.waiting.during(() -> this.session.sendMessage(next));
			}
		}
		catch (Throwable ex) {
			letter.written().accept(ex);
		}
	}

	@Override
	public boolean answer(SocketLink.Step answer) throws Exception {
		if (!this.answering.tryLock()) {
			return false;
		}
		try {
			handOver();
			answer.run();
		}
		finally {
			this.answering.unlock();
		}
		goOn();
		return true;
	}

	/** Gives Spring what is held, as the request that takes it is there. */
	private void handOver() {
		int room = this.http.getSockJsServiceConfig().getHttpMessageCacheSize();
		Letter letter = takeIf(isAway());
		while (letter != null) {
			try {
				room = handOver(letter, room);
			}
			catch (Throwable ex) {
				letter.written().accept(ex);
				return;
			}
			if (room == 0) {
				hold(letter);
				return;
			}
			letter.written().accept(null);
			letter = takeIf(true);
		}
	}

	private int handOver(Letter letter, int most) throws IOException {
		int room = most;
		while (room > 0 && letter.messages().hasNext()) {
			this.session.sendMessage(letter.messages().next());
			room--;
		}
		return room;
	}

	/** Goes on with what was held, or closes, where a request waits for more. */
	private void goOn() {
		Letter letter = takeIf(this.http.isActive());
		if (letter != null) {
			this.workers.execute(() -> write(letter));
		}
		else {
			closeIf(this.http.isActive());
		}
	}

	private synchronized @Nullable Letter takeIf(boolean now) {
		Letter letter = now ? this.held : null;
		this.held = now ? null : this.held;
		return letter;
	}

	/** A last message is written instead. */
	@Override
	public void drop() {
		Letter letter = takeIf(true);
		if (letter != null) {
			letter.written().accept(null);
		}
	}

	/**
	 * Lets the next request hear of it that finds nothing else, as long as one may come.
	 */
	@Override
	public synchronized boolean closesLater(Runnable close) {
		boolean later = isAway() && !this.letGo;
		if (later) {
			this.close = close;
		}
		return later;
	}

	private void closeIf(boolean now) {
		Runnable due;
		synchronized (this) {
			due = now ? this.close : null;
			this.close = now ? null : this.close;
		}
		if (due != null) {
			due.run();
		}
	}

	// SockJS has none.
	@Override
	public void ping(Consumer<@Nullable Throwable> written) {
		written.accept(null);
	}

	@Override
	public void letGo() {
		free();
		synchronized (this) {
			this.letGo = true;
		}
		closeIf(true);
	}

}
