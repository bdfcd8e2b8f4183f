package org.sessionlink.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Telling;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;
import org.springframework.messaging.tcp.TcpOperations;

/**
 * The server's own line to the broker, which tells whether that is there: whatever ends a
 * connection, another one is tried, after a pause that grows.
 *
 * <p>
 * Safe for use by any thread: which try counts is under the monitor, what it is told of
 * comes after.
 */
final class SystemLine {

	/** How long a broker may take to say CONNECTED. */
	static final Duration TO_CONNECTED = Duration.ofSeconds(10);

	/** After so long a connection was one, whatever ends it. */
	static final Duration STABLE = Duration.ofSeconds(5);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(400);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

	private static final Duration NEXT_HOST = Duration.ofMillis(50);

	private final Pauses pauses = new Pauses(FIRST_PAUSE, LONGEST_PAUSE);

	private final TcpOperations<byte[]> tcp;

	private final TcpConnectionHandler<byte[]> spring;

	private final LinkClock clock;

	private final RelayFaults faults;

	private int tries;

	private int failures;

	private long connectedAt;

	private boolean connected;

	private @Nullable TcpConnection<byte[]> wire;

	private boolean stopped;

	private volatile boolean refused;

	SystemLine(TcpOperations<byte[]> tcp, TcpConnectionHandler<byte[]> spring, LinkClock clock, RelayFaults faults) {
		this.tcp = tcp;
		this.spring = spring;
		this.clock = clock;
		this.faults = faults;
	}

	void connect() {
		Try now;
		synchronized (this) {
			if (this.stopped) {
				return;
			}
			now = new Try(++this.tries);
		}
		this.clock.schedule(now::tooLate, TO_CONNECTED);
		try {
			if (this.tcp instanceof RelayHosts hosts) {
				hosts.connectServer(now);
			}
			else {
				this.tcp.connectAsync(now);
			}
		}
		catch (RuntimeException ex) {
			now.over(ex);
		}
	}

	/** Returns whether the broker has ended it with an ERROR frame. */
	boolean isRefused() {
		return this.refused;
	}

	void stop() {
		TcpConnection<byte[]> last;
		synchronized (this) {
			this.stopped = true;
			this.tries++;
			last = this.wire;
			this.wire = null;
		}
		if (last != null) {
			last.close();
		}
	}

	private synchronized Duration pause() {
		if (this.connected && this.clock.nanoTime() - this.connectedAt > STABLE.toNanos()) {
			this.pauses.reset();
			this.failures = 0;
		}
		this.connected = false;
		this.failures++;
		if (this.tcp instanceof RelayHosts hosts) {
			hosts.next();
			if (this.failures % hosts.count() != 0) {
				return NEXT_HOST;
			}
		}
		return this.pauses.next();
	}

	/** One connection, and what becomes of it. */
	private final class Try implements TcpConnectionHandler<byte[]>, TcpConnection<byte[]> {

		private final int number;

		Try(int number) {
			this.number = number;
		}

		private boolean counts() {
			return this.number == SystemLine.this.tries;
		}

		@Override
		public void afterConnected(TcpConnection<byte[]> connection) {
			boolean counts;
			synchronized (SystemLine.this) {
				counts = counts();
				SystemLine.this.wire = counts ? connection : SystemLine.this.wire;
			}
			if (counts) {
				SystemLine.this.spring.afterConnected(this);
			}
			else {
				connection.close();
			}
		}

		@Override
		public void afterConnectFailure(Throwable ex) {
			over(ex);
		}

		@Override
		public void handleMessage(Message<byte[]> message) {
			synchronized (SystemLine.this) {
				if (!counts()) {
					return;
				}
			}
			StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			StompCommand command = (frame != null) ? frame.getCommand() : null;
			if (command == StompCommand.CONNECTED) {
				synchronized (SystemLine.this) {
					SystemLine.this.connected = true;
					SystemLine.this.connectedAt = SystemLine.this.clock.nanoTime();
				}
				SystemLine.this.faults.over();
			}
			else if (command == StompCommand.ERROR && frame != null) {
				over(new RelayFaults.RefusedByBroker(frame.getMessage(), message.getPayload()));
				return;
			}
			SystemLine.this.spring.handleMessage(message);
		}

		@Override
		public void handleFailure(Throwable ex) {
			over(ex);
		}

		@Override
		public void afterConnectionClosed() {
			over(new IOException("The broker has closed the connection"));
		}

		void tooLate() {
			boolean late;
			synchronized (SystemLine.this) {
				late = counts() && !SystemLine.this.connected;
			}
			if (late) {
				over(new IOException("The broker has not said CONNECTED within " + TO_CONNECTED.toSeconds() + " s"));
			}
		}

		void over(Throwable why) {
			TcpConnection<byte[]> last;
			Duration pause;
			synchronized (SystemLine.this) {
				if (!counts() || SystemLine.this.stopped) {
					return;
				}
				SystemLine.this.tries++;
				last = SystemLine.this.wire;
				SystemLine.this.wire = null;
				SystemLine.this.refused = SystemLine.this.connected && why instanceof RelayFaults.RefusedByBroker;
				pause = pause();
			}
			SystemLine.this.faults.tell(why);
			if (last != null) {
				last.close();
			}
			Telling.tell("What hears of the broker's end", SystemLine.this.spring::afterConnectionClosed);
			SystemLine.this.clock.schedule(SystemLine.this::connect, pause);
		}

		@Override
		public CompletableFuture<@Nullable Void> sendAsync(Message<byte[]> message) {
			TcpConnection<byte[]> to;
			synchronized (SystemLine.this) {
				to = counts() ? SystemLine.this.wire : null;
			}
			return (to != null) ? to.sendAsync(message)
					: CompletableFuture.failedFuture(new IOException("The connection to the broker is closed"));
		}

		@Override
		public void onReadInactivity(Runnable task, long millis) {
			if (millis < TimeUnit.MINUTES.toMillis(1)) {
				wire((to) -> to.onReadInactivity(task, millis));
			}
		}

		@Override
		public void onWriteInactivity(Runnable task, long millis) {
			wire((to) -> to.onWriteInactivity(task, millis));
		}

		private void wire(Consumer<TcpConnection<byte[]>> task) {
			TcpConnection<byte[]> to;
			synchronized (SystemLine.this) {
				to = counts() ? SystemLine.this.wire : null;
			}
			if (to != null) {
				task.accept(to);
			}
		}

		@Override
		public void close() {
			over(new IOException("The connection is given up"));
		}

	}

}
