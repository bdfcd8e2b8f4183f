package org.sessionlink.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
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

/**
 * The line of one client to the broker: to Spring a connection that lasts as long as the
 * client's socket does, beneath it one {@linkplain Wire wire} after the other, each with
 * the client's subscriptions made again.
 *
 * <p>
 * Safe for use by any thread: what changes is {@link BrokerSide}'s, and the times of
 * heart-beats.
 */
final class ClientLine implements TcpConnection<byte[]>, Wire.Line, Told.Client {

	private static final CompletableFuture<@Nullable Void> DONE = CompletableFuture.completedFuture(null);

	/**
	 * How long an ERROR frame waits for news of the broker's end, whose cause it may be.
	 */
	private static final Duration NEWS = Duration.ofMillis(500);

	private final RelayLines lines;

	private final StompTcpConnectionHandler<byte[]> spring;

	private final String socketId;

	private final ClientFrames frames;

	private final LineBeats beats;

	private final BrokerSide broker;

	ClientLine(RelayLines lines, StompTcpConnectionHandler<byte[]> spring) {
		this.lines = lines;
		this.spring = spring;
		this.socketId = spring.getSessionId();
		this.frames = ClientFrames.of(spring.getConnectHeaders(), lines.setup());
		this.beats = new LineBeats(spring.getConnectHeaders().getHeartbeat(), lines.setup().heartbeat(),
				lines.clock().nanoTime());
		this.broker = new BrokerSide(lines.setup().transactionSize(), lines.setup().waiting(), lines::isUp,
				lines.clock(), this);
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
				try {
					this.spring.handleMessage(this.frames.connected());
				}
				finally {
					connect();
				}
			}
			case SUBSCRIBE -> this.broker.subscribe(frame, isForNotices(frame));
			case UNSUBSCRIBE -> this.broker.unsubscribe(frame);
			case DISCONNECT -> this.broker.disconnect(frame.getReceipt());
			default -> this.broker.pass(message);
		}
		return DONE;
	}

	private boolean isForNotices(StompHeaderAccessor frame) {
		String asked = frame.getFirstNativeHeader(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION);
		return this.lines.setup().sessionNotices().equals(asked);
	}

	/** Connects to the broker, if it is there and that is not so yet. */
	private void connect() {
		Wire next = new Wire(this, this.lines.clock());
		if (this.broker.tries(next)) {
			next.start(this.lines.tcp()::connectAsync);
		}
	}

	@Override
	public void open(Wire wire) {
		wire.sendAsync(this.frames.connect());
	}

	@Override
	public void connected(Wire wire, Message<byte[]> message, StompHeaderAccessor frame) {
		Duration silence = this.beats.agree(frame.getHeartbeat(), this.lines.clock().nanoTime());
		if (!silence.isZero()) {
			wire.onReadInactivity(() -> wire.over(new IOException("Nothing was heard of the broker for too long")),
					silence.toMillis());
		}
		this.broker.connected(wire);
	}

	@Override
	public void heard(Wire wire, Message<byte[]> message, StompHeaderAccessor frame) {
		if (this.broker.isForClient(wire, frame)) {
			this.beats.saidToClient(this.lines.clock().nanoTime());
			Telling.tell("A message for a client", () -> this.spring.handleMessage(message));
		}
	}

	@Override
	public void over(Wire wire, Throwable why) {
		long outages = this.lines.outages();
		BrokerSide.Refusal refusal = (why instanceof RefusedByBroker refused) ? this.broker.refused(wire, refused)
				: null;
		if (refusal != null) {
			this.lines.faults().tell(this.socketId, why);
			// It may be the broker that goes away, and not the client that has erred.
			this.lines.clock().schedule(() -> refusedUnless(outages, refusal.receipt()), NEWS);
			return;
		}
		Duration pause = this.broker.over(wire);
		if (pause != null) {
			this.lines.faults().tell(this.socketId, why);
			this.lines.clock().schedule(this::connect, pause);
		}
	}

	private void refusedUnless(long outages, @Nullable String receipt) {
		if (!this.lines.isUp() || this.lines.outages() != outages) {
			connect();
			return;
		}
		count(Refused.BROKER);
		SocketLink socket = SocketLink.in(this.spring.getConnectHeaders().getSessionAttributes());
		if (socket != null) {
			socket.closesFor(CloseCause.of(Refused.BROKER));
		}
		later(() -> this.spring.handleMessage(ClientFrames.error(receipt)));
	}

	/** Hears that the broker has gone away. */
	void down(boolean forAll) {
		this.broker.down(forAll);
	}

	/** Hears that the broker is there. */
	void up() {
		this.broker.up();
		connect();
	}

	@Override
	public void event(String event) {
		this.lines.tell(this.socketId, event);
	}

	@Override
	public void refused(Refused reason) {
		count(reason);
		if (reason == Refused.BROKER_SLOW) {
			this.lines.faults().tellSlow();
		}
		this.lines.tell(this.socketId, reason, ClientFrames.sentence(reason));
	}

	private void count(Refused reason) {
		SocketLink socket = SocketLink.in(this.spring.getConnectHeaders().getSessionAttributes());
		if (socket != null) {
			Telling.tell("Who counts refusals", () -> socket.link().refused(reason));
		}
	}

	@Override
	public void receipt(String receipt) {
		this.spring.handleMessage(ClientFrames.receipt(receipt));
	}

	@Override
	public void left() {
		later(() -> this.lines.setup().outbound().send(ClientFrames.left(this.spring.getConnectHeaders())));
	}

	/** Hears that something has come from the client. */
	void heard() {
		this.beats.heardOfClient(this.lines.clock().nanoTime());
	}

	/** Returns whether the broker would take something more in the client's place. */
	boolean takesMore() {
		return this.broker.takesMore();
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
		Wire wire = this.broker.ready();
		if (wire != null && this.beats.isDueToBroker(now)) {
			this.beats.saidToBroker(now);
			wire.sendAsync(ClientFrames.heartbeat());
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
		this.broker.close();
		this.lines.remove(this.socketId, this);
	}

}
