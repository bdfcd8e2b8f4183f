package org.sessionlink.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;

/**
 * One connection to the broker beneath a line, from the try to its end: the line hears
 * once that it is open, once that the broker has said CONNECTED, and once that it is
 * over, whatever the broker says and however often.
 *
 * <p>
 * Safe for use by any thread: each stage is entered in one step under the monitor; the
 * line is told of it afterwards, and looks whether the wire is still its own.
 */
final class Wire implements TcpConnectionHandler<byte[]>, TcpConnection<byte[]> {

	/** How long a broker may take to say CONNECTED. */
	static final Duration TO_CONNECTED = Duration.ofSeconds(10);

	/** After so long a connection was one, whatever ends it. */
	private static final Duration STABLE = Duration.ofSeconds(5);

	private final Line line;

	private final LinkClock clock;

	private Stage stage = Stage.NEW;

	private @Nullable TcpConnection<byte[]> connection;

	private boolean wasConnected;

	private long connectedAt;

	private enum Stage {

		NEW, OPEN, CONNECTED, OVER

	}

	/** Whose connection it is. */
	interface Line {

		/** Hears that frames can be sent: the first is CONNECT. */
		void open(Wire wire);

		/** Hears that the broker has said CONNECTED. */
		void connected(Wire wire, Message<byte[]> message, StompHeaderAccessor frame);

		/** Hears of any other frame of the broker's but ERROR. */
		void heard(Wire wire, Message<byte[]> message, StompHeaderAccessor frame);

		/** Hears that it has ended, and why: {@link RefusedByBroker} for an ERROR. */
		void over(Wire wire, Throwable why);

	}

	Wire(Line line, LinkClock clock) {
		this.line = line;
		this.clock = clock;
	}

	/** Connects, by what may fail at once or later. */
	void start(Consumer<TcpConnectionHandler<byte[]>> connect) {
		this.clock.schedule(this::tooLate, TO_CONNECTED);
		try {
			connect.accept(this);
		}
		catch (RuntimeException ex) {
			over(ex);
		}
	}

	private void tooLate() {
		if (isEnded(Stage.OPEN)) {
			this.line.over(this,
					new IOException("The broker has not said CONNECTED within " + TO_CONNECTED.toSeconds() + " s"));
		}
	}

	/** Returns whether the broker has said CONNECTED, however it went on. */
	synchronized boolean wasConnected() {
		return this.wasConnected;
	}

	/** Returns whether it was connected for so long that it was no mere try. */
	synchronized boolean wasStable() {
		return this.wasConnected && this.clock.nanoTime() - this.connectedAt > STABLE.toNanos();
	}

	@Override
	public void afterConnected(TcpConnection<byte[]> opened) {
		if (isOpen(opened)) {
			this.line.open(this);
		}
		else {
			opened.close();
		}
	}

	private synchronized boolean isOpen(TcpConnection<byte[]> opened) {
		if (this.stage != Stage.NEW) {
			return false;
		}
		this.stage = Stage.OPEN;
		this.connection = opened;
		return true;
	}

	@Override
	public void handleMessage(Message<byte[]> message) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (frame == null || current() == null) {
			return;
		}
		try {
			hear(message, frame);
		}
		catch (RuntimeException ex) {
			// What the broker says makes no sense: half of it had no effect.
			over(ex);
		}
	}

	private void hear(Message<byte[]> message, StompHeaderAccessor frame) {
		if (frame.getCommand() == StompCommand.ERROR) {
			over(new RefusedByBroker(frame, message.getPayload()));
		}
		else if (frame.getCommand() != StompCommand.CONNECTED) {
			this.line.heard(this, message, frame);
		}
		else if (isConnected()) {
			this.line.connected(this, message, frame);
		}
	}

	private synchronized boolean isConnected() {
		if (this.stage != Stage.OPEN) {
			return false;
		}
		this.stage = Stage.CONNECTED;
		this.wasConnected = true;
		this.connectedAt = this.clock.nanoTime();
		return true;
	}

	@Override
	public void afterConnectFailure(Throwable ex) {
		over(ex);
	}

	@Override
	public void handleFailure(Throwable ex) {
		over(ex);
	}

	@Override
	public void afterConnectionClosed() {
		over(new IOException("The broker has closed the connection"));
	}

	/** Ends it, and tells the line. */
	void over(Throwable why) {
		if (isEnded(Stage.CONNECTED)) {
			this.line.over(this, why);
		}
	}

	/** Ends it, and tells nobody. */
	void end() {
		isEnded(Stage.CONNECTED);
	}

	private boolean isEnded(Stage latest) {
		TcpConnection<byte[]> last;
		synchronized (this) {
			if (this.stage.compareTo(latest) > 0) {
				return false;
			}
			this.stage = Stage.OVER;
			last = this.connection;
			this.connection = null;
		}
		if (last != null) {
			last.close();
		}
		return true;
	}

	private synchronized @Nullable TcpConnection<byte[]> current() {
		return this.connection;
	}

	@Override
	public CompletableFuture<@Nullable Void> sendAsync(Message<byte[]> message) {
		TcpConnection<byte[]> to = current();
		return (to != null) ? to.sendAsync(message)
				: CompletableFuture.failedFuture(new IOException("The connection to the broker is closed"));
	}

	@Override
	public void onReadInactivity(Runnable task, long millis) {
		TcpConnection<byte[]> to = current();
		// Before that it is known how long it may take.
		if (to != null && wasConnected()) {
			to.onReadInactivity(task, millis);
		}
	}

	@Override
	public void onWriteInactivity(Runnable task, long millis) {
		TcpConnection<byte[]> to = current();
		if (to != null) {
			to.onWriteInactivity(task, millis);
		}
	}

	@Override
	public void close() {
		over(new IOException("The connection is given up"));
	}

}
