package org.sessionlink.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Telling;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompTcpConnectionHandler;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.messaging.tcp.TcpConnection;
import org.springframework.messaging.tcp.TcpConnectionHandler;

/**
 * The line of one client to the broker: to Spring a connection that lasts as long as the
 * client's socket does, beneath it one connection to the broker after the other, each
 * with the client's subscriptions made again.
 *
 * <p>
 * Safe for use by any thread: what is so is under the monitor, whoever hears of it comes
 * after.
 */
final class ClientLine implements TcpConnection<byte[]> {

	private static final CompletableFuture<@Nullable Void> DONE = CompletableFuture.completedFuture(null);

	/** So many frames wait while a connection is made, and so many bytes. */
	private static final int MOST_HELD = 100;

	private static final int MOST_BYTES_HELD = 256 * 1024;

	/**
	 * How long an ERROR frame waits for news of the broker's end, whose cause it may be.
	 */
	private static final Duration NEWS = Duration.ofMillis(500);

	private static final long ACTIVE_NANOS = Duration.ofSeconds(2).toNanos();

	private final Pauses pauses = new Pauses(Duration.ofMillis(200), Duration.ofSeconds(10));

	private final KeptSubscriptions subscriptions = new KeptSubscriptions();

	private final Deque<Message<byte[]>> held = new ArrayDeque<>();

	private final RelayLines lines;

	private final StompTcpConnectionHandler<byte[]> spring;

	private final String socketId;

	private final Transactions transactions;

	private final LineBeats beats;

	private final BrokerNews news;

	private volatile ClientFrames frames;

	private int heldBytes;

	private int tries;

	private int connections;

	private boolean connecting;

	private boolean ready;

	private boolean leaving;

	private boolean closed;

	private long readyAt;

	private long lastSent;

	private @Nullable TcpConnection<byte[]> wire;

	ClientLine(RelayLines lines, StompTcpConnectionHandler<byte[]> spring) {
		this.lines = lines;
		this.spring = spring;
		this.socketId = spring.getSessionId();
		this.news = new BrokerNews((event) -> lines.tell(this.socketId, event));
		this.transactions = new Transactions(lines.setup().transactionSize());
		this.frames = ClientFrames.of(spring.getConnectHeaders(), lines.setup());
		this.beats = new LineBeats(spring.getConnectHeaders().getHeartbeat(), lines.setup().heartbeat(),
				lines.clock().nanoTime());
	}

	@Override
	public CompletableFuture<@Nullable Void> sendAsync(Message<byte[]> message) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		StompCommand command = (frame != null) ? frame.getCommand() : null;
		if (command == null || frame == null) {
			return DONE;
		}
		switch (command) {
			case CONNECT, STOMP -> {
				answer(this.frames.connected());
				connect();
			}
			case SUBSCRIBE -> subscribe(frame);
			case UNSUBSCRIBE -> unsubscribe(frame);
			case DISCONNECT -> disconnect(frame);
			default -> pass(message);
		}
		return DONE;
	}

	/** Answers instead of the broker. */
	private void answer(@Nullable Message<byte[]> frame) {
		if (frame != null) {
			this.spring.handleMessage(frame);
		}
	}

	private void subscribe(StompHeaderAccessor frame) {
		String asked = frame.getFirstNativeHeader(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION);
		synchronized (this) {
			Message<byte[]> message = this.subscriptions.add(frame, this.ready);
			write(message);
			this.news.subscribed(this.lines.isUp(), this.lines.setup().sessionNotices().equals(asked));
		}
		this.news.tell();
	}

	private void unsubscribe(StompHeaderAccessor frame) {
		boolean told;
		synchronized (this) {
			Message<byte[]> message = this.subscriptions.remove(frame);
			told = this.ready && message != null;
			if (message != null) {
				write(message);
			}
			if (!this.ready) {
				this.subscriptions.reconnected();
			}
		}
		if (!told) {
			answer(ClientFrames.receipt(frame.getReceipt()));
		}
	}

	private void disconnect(StompHeaderAccessor frame) {
		boolean told;
		synchronized (this) {
			told = this.ready;
			this.leaving = true;
			write(ClientFrames.disconnect(frame.getReceipt()));
		}
		if (!told) {
			answer(ClientFrames.receipt(frame.getReceipt()));
		}
	}

	private void pass(Message<byte[]> message) {
		Refused reason;
		synchronized (this) {
			reason = this.ready ? send(message) : hold(message);
		}
		refuse(reason);
	}

	// While a connection is made, and the broker is there.
	private @Nullable Refused hold(Message<byte[]> message) {
		boolean room = this.held.size() < MOST_HELD && this.heldBytes + message.getPayload().length < MOST_BYTES_HELD;
		if (!this.lines.isUp() || !room || this.closed) {
			return Refused.BROKER_AWAY;
		}
		this.held.add(message);
		this.heldBytes += message.getPayload().length;
		return null;
	}

	private @Nullable Refused send(Message<byte[]> message) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		StompCommand command = (frame != null) ? frame.getCommand() : null;
		if (frame == null || command == null) {
			return null;
		}
		Message<byte[]> known = RelayedAcks.of(this.connections, frame, message);
		if (known == null) {
			return Refused.BROKER_AWAY;
		}
		String transaction = frame.getFirstNativeHeader("transaction");
		Refused reason = (transaction != null)
				? this.transactions.take(command, transaction, message.getPayload().length) : null;
		if (reason == null) {
			write(known);
		}
		else if (reason == Refused.TRANSACTION_TOO_LARGE && this.transactions.isOpen(transaction)) {
			this.transactions.forget(transaction);
			write(ClientFrames.abort(transaction));
		}
		return reason;
	}

	private void write(Message<byte[]> message) {
		TcpConnection<byte[]> to = this.wire;
		if (this.ready && to != null) {
			this.lastSent = this.lines.clock().nanoTime();
			this.beats.saidToBroker(this.lastSent);
			to.sendAsync(message);
		}
	}

	private void refuse(@Nullable Refused reason) {
		if (reason == null) {
			return;
		}
		SocketLink socket = SocketLink.in(this.spring.getConnectHeaders().getSessionAttributes());
		if (socket != null) {
			Telling.tell("Who counts refusals", () -> socket.link().refused(reason));
		}
		this.lines.tell(this.socketId, reason, ClientFrames.sentence(reason));
	}

	/** Connects to the broker, if it is there and that is not so yet. */
	void connect() {
		Try now;
		synchronized (this) {
			if (this.closed || this.leaving || this.connecting || this.ready || !this.lines.isUp()) {
				return;
			}
			this.connecting = true;
			now = new Try(++this.tries);
		}
		this.lines.clock().schedule(now::tooLate, SystemLine.TO_CONNECTED);
		try {
			this.lines.tcp().connectAsync(now);
		}
		catch (RuntimeException ex) {
			now.over(ex);
		}
	}

	/** Hears that the broker has gone away. */
	void down(boolean forAll) {
		List<Message<byte[]>> lost = List.of();
		synchronized (this) {
			if (forAll || !this.ready) {
				lost = drop();
			}
			this.news.down();
		}
		this.news.tell();
		lost.forEach((frame) -> refuse(Refused.BROKER_AWAY));
	}

	/** Hears that the broker is there. */
	void up() {
		synchronized (this) {
			if (this.ready && this.subscriptions.areInForce()) {
				this.news.up();
			}
		}
		this.news.tell();
		connect();
	}

	private List<Message<byte[]>> drop() {
		TcpConnection<byte[]> last = this.wire;
		this.tries++;
		this.wire = null;
		this.ready = false;
		this.connecting = false;
		this.transactions.clear();
		this.subscriptions.reconnected();
		List<Message<byte[]>> lost = List.copyOf(this.held);
		this.held.clear();
		this.heldBytes = 0;
		if (last != null) {
			last.close();
		}
		return lost;
	}

	/** Hears that something has come from the client. */
	void heard() {
		this.beats.heardOfClient(this.lines.clock().nanoTime());
	}

	/** Looks which heart-beats are due, on both sides. */
	void look(long now) {
		if (this.beats.isClientSilent(now)) {
			this.beats.heardOfClient(now);
			later(() -> this.lines.setup().outbound().send(ClientFrames.silent(this.socketId)));
		}
		if (this.beats.isDueToClient(now)) {
			later(() -> this.spring.handleMessage(ClientFrames.heartbeat()));
		}
		Try lost = null;
		synchronized (this) {
			if (this.ready && this.beats.isBrokerSilent(now)) {
				lost = new Try(this.tries);
			}
			else if (this.beats.isDueToBroker(now)) {
				write(ClientFrames.heartbeat());
			}
		}
		if (lost != null) {
			lost.over(new IOException("Nothing was heard of the broker for too long"));
		}
	}

	// Behind it may be the application's own interceptors.
	private void later(Runnable task) {
		this.lines.clock().execute(Crew.PINGING, this, () -> Telling.tell("A heart-beat", task::run));
	}

	@Override
	public void onReadInactivity(Runnable task, long millis) {
		// The line looks at it by itself.
	}

	@Override
	public void onWriteInactivity(Runnable task, long millis) {
		// The line looks at it by itself.
	}

	/** Ends the line, as the client's socket has. */
	@Override
	public void close() {
		synchronized (this) {
			this.closed = true;
			drop();
		}
		this.lines.remove(this.socketId, this);
	}

	/** One connection, and what becomes of it. */
	private final class Try implements TcpConnectionHandler<byte[]> {

		private final int number;

		Try(int number) {
			this.number = number;
		}

		private boolean counts() {
			return this.number == ClientLine.this.tries && !ClientLine.this.closed;
		}

		@Override
		public void afterConnected(TcpConnection<byte[]> connection) {
			boolean counts;
			synchronized (ClientLine.this) {
				counts = counts();
				ClientLine.this.wire = counts ? connection : ClientLine.this.wire;
			}
			if (counts) {
				connection.sendAsync(ClientLine.this.frames.connect());
			}
			else {
				connection.close();
			}
		}

		@Override
		public void handleMessage(Message<byte[]> message) {
			StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			StompCommand command = (frame != null) ? frame.getCommand() : null;
			ClientLine.this.beats.heardOfBroker(ClientLine.this.lines.clock().nanoTime());
			if (frame == null || command == null) {
				return;
			}
			switch (command) {
				case CONNECTED -> connected(frame);
				case ERROR -> error(frame, message.getPayload());
				default -> {
					if (isForClient(command, frame)) {
						ClientLine.this.beats.saidToClient(ClientLine.this.lines.clock().nanoTime());
						ClientLine.this.spring.handleMessage(message);
					}
					ClientLine.this.news.tell();
				}
			}
		}

		private boolean isForClient(StompCommand command, StompHeaderAccessor frame) {
			synchronized (ClientLine.this) {
				KeptSubscriptions kept = ClientLine.this.subscriptions;
				if (!counts()) {
					return false;
				}
				if (command == StompCommand.RECEIPT) {
					if (kept.isLastAgain(frame.getReceiptId()) && ClientLine.this.lines.isUp()) {
						ClientLine.this.news.up();
					}
					return kept.receipt(frame.getReceiptId());
				}
				String id = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER);
				if (kept.isAcknowledged(id)) {
					RelayedAcks.mark(ClientLine.this.connections, frame);
				}
				return kept.isOpen(id);
			}
		}

		private void connected(StompHeaderAccessor frame) {
			List<Refused> refused = new ArrayList<>();
			synchronized (ClientLine.this) {
				ClientLine line = ClientLine.this;
				if (!counts() || line.ready) {
					return;
				}
				line.ready = true;
				line.connecting = false;
				line.connections++;
				line.readyAt = line.lines.clock().nanoTime();
				line.beats.agree(frame.getHeartbeat(), line.readyAt);
				line.subscriptions.all().forEach(line::write);
				for (Message<byte[]> message : line.held) {
					Refused reason = line.send(message);
					if (reason != null) {
						refused.add(reason);
					}
				}
				line.held.clear();
				line.heldBytes = 0;
				if (line.subscriptions.areInForce()) {
					line.news.up();
				}
			}
			refused.forEach(ClientLine.this::refuse);
			ClientLine.this.news.tell();
		}

		private void error(StompHeaderAccessor frame, byte[] body) {
			RelayFaults.RefusedByBroker why = new RelayFaults.RefusedByBroker(frame.getMessage(), body);
			long outages = ClientLine.this.lines.outages();
			boolean ofClient;
			synchronized (ClientLine.this) {
				ofClient = counts() && ClientLine.this.ready && (frame.getReceiptId() != null
						|| ClientLine.this.lines.clock().nanoTime() - ClientLine.this.lastSent < ACTIVE_NANOS);
			}
			if (!ofClient) {
				over(why);
				return;
			}
			synchronized (ClientLine.this) {
				drop();
			}
			ClientLine.this.lines.faults().tell(ClientLine.this.socketId, why);
			// It may be the broker that goes away, and not the client that has erred.
			ClientLine.this.lines.clock().schedule(() -> {
				if (ClientLine.this.lines.isUp() && ClientLine.this.lines.outages() == outages) {
					ClientLine.this.refuseForGood(frame.getReceiptId());
				}
				else {
					ClientLine.this.connect();
				}
			}, NEWS);
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

		void tooLate() {
			boolean late;
			synchronized (ClientLine.this) {
				late = counts() && !ClientLine.this.ready;
			}
			if (late) {
				over(new IOException("The broker has not said CONNECTED in time"));
			}
		}

		void over(Throwable why) {
			Duration pause;
			List<Message<byte[]>> lost;
			synchronized (ClientLine.this) {
				ClientLine line = ClientLine.this;
				if (!counts()) {
					return;
				}
				if (line.ready && line.lines.clock().nanoTime() - line.readyAt > SystemLine.STABLE.toNanos()) {
					line.pauses.reset();
				}
				// What waits was to go over this connection, or the next.
				List<Message<byte[]>> waiting = List.copyOf(line.held);
				lost = line.drop();
				if (line.lines.isUp()) {
					line.held.addAll(waiting);
					line.heldBytes = waiting.stream().mapToInt((frame) -> frame.getPayload().length).sum();
					lost = List.of();
				}
				pause = line.pauses.next();
			}
			ClientLine.this.lines.faults().tell(ClientLine.this.socketId, why);
			lost.forEach((frame) -> ClientLine.this.refuse(Refused.BROKER_AWAY));
			ClientLine.this.lines.clock().schedule(ClientLine.this::connect, pause);
		}

	}

	private void refuseForGood(@Nullable String receipt) {
		SocketLink socket = SocketLink.in(this.spring.getConnectHeaders().getSessionAttributes());
		if (socket != null) {
			Telling.tell("Who counts refusals", () -> socket.link().refused(Refused.BROKER));
		}
		later(() -> answer(ClientFrames.error(receipt)));
	}

}
