package org.sessionlink.outbound;

import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.wire.Outbox;
import org.sessionlink.wire.OutboxLimits;
import org.sessionlink.wire.Patience;
import org.sessionlink.wire.Payload;
import org.sessionlink.wire.Sent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

/**
 * A socket with a gate: once its link has ended, or it has been shut itself, nothing
 * passes any more but the goodbye (B5, B6), whoever closes it and with whatever status.
 *
 * <p>
 * What is sent goes through its {@link Outbox}, beneath Spring's buffering, which so
 * never has anything to buffer.
 *
 * <p>
 * Safe for use by any thread. The gate is two volatile fields, this one's and the link's,
 * that never open again; each other field stands alone.
 */
final class GatedSocket extends WebSocketSessionDecorator implements LinkedSocket, Outbox.Owner {

	private static final Logger logger = LoggerFactory.getLogger(GatedSocket.class);

	private static final int SOCKJS_GONE = 3000;

	private static final String ATTRIBUTE = GatedSocket.class.getName();

	private final Map<String, Object> attributes;

	private final SocketLink socketLink;

	private final Link link;

	private final Sockets sockets;

	private final Supplier<SubscriptionControl> control;

	private final SocketTurn turn = new SocketTurn();

	private final Outbox outbox;

	private final Closing closing;

	private final ConnectTime connectTime = new ConnectTime();

	private final AtomicBoolean announced = new AtomicBoolean();

	private final SocketUser user;

	private final Silence silence = new Silence();

	private final Set<String> gaps = ConcurrentHashMap.newKeySet(1);

	private volatile boolean shut;

	GatedSocket(WebSocketSession session, SocketLink socketLink, Sockets sockets,
			Supplier<SubscriptionControl> control) {
		super(session);
		this.attributes = new SocketAttributes(session.getAttributes());
		this.socketLink = socketLink;
		this.link = socketLink.link();
		this.sockets = sockets;
		this.control = control;
		this.user = new SocketUser(this, control);
		OutboundSettings settings = sockets.settings();
		this.outbox = sockets.writers()
			.outbox(session, this, new Sent(socketLink.traffic(), this.link.counts()),
					new OutboxLimits(settings.sendBuffer(), settings.sendTime()),
					(task) -> this.link.execute(Crew.WRITING, task));
		this.closing = new Closing(session, socketLink, this.outbox, isSockJs() ? Crew.RELEASING : Crew.CLOSING);
	}

	static @Nullable GatedSocket in(@Nullable Map<String, Object> attributes) {
		return (attributes != null) ? (GatedSocket) attributes.get(ATTRIBUTE) : null;
	}

	void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

	private boolean isSockJs() {
		return unwrap(getDelegate()) instanceof SockJsSession;
	}

	@Override
	public String id() {
		return getId();
	}

	@Override
	public SocketLink socketLink() {
		return this.socketLink;
	}

	@Override
	public Map<String, Object> getAttributes() {
		return this.attributes;
	}

	/** Returns who the socket belongs to now (G8, B12). */
	@Override
	public @Nullable Principal getPrincipal() {
		return this.socketLink.identity().principal();
	}

	@Override
	public boolean isOver() {
		return !mayPass() || this.outbox.isClosed();
	}

	@Override
	public @Nullable Principal openedBy() {
		return super.getPrincipal();
	}

	@Override
	public boolean answer(SocketLink.Step answer) throws Exception {
		return this.outbox.answer(answer);
	}

	OutboundSettings settings() {
		return this.sockets.settings();
	}

	SocketTurn turn() {
		return this.turn;
	}

	Closing closing() {
		return this.closing;
	}

	/** Returns whether nothing of the client's has an effect any more. */
	boolean isClosing() {
		return this.shut || this.closing.isBegun();
	}

	/** Returns whether this thread is just closing it for the server. */
	boolean isBeingClosedHere() {
		return this.closing.isOnThisThread();
	}

	/** Tells its link that it has closed, once, however often this is called (B53). */
	void over(CloseStatus status) {
		// So Spring closes a client of SockJS that has asked for no messages for long, or
		// that it cannot write to.
		boolean gone = isSockJs() && (status.getCode() == SOCKJS_GONE || (status.equalsCode(CloseStatus.SERVER_ERROR)
				&& this.socketLink.failedFor() != CloseCause.SERVER_ERROR));
		this.closing.over(gone ? CloseStatus.NO_CLOSE_FRAME : status,
				this.sockets.areStopping() || this.link.isLeaving());
	}

	/** Returns true the first time: the socket's CONNECT has not been made known yet. */
	boolean announce() {
		return this.announced.compareAndSet(false, true);
	}

	@Override
	public void sessionIdChanged(String newId) {
		getAttributes().put(SocketLink.SESSION_ID, newId);
	}

	@Override
	public void identityChanged() {
		this.user.mayHaveChanged();
	}

	@Override
	public boolean revoke(String subscription, String reason) {
		Subscription revoked = this.socketLink.subscriptions().revoke(subscription);
		if (revoked != null) {
			this.socketLink.settlePresence();
			this.control.get().tellRevoked(this, revoked, reason);
		}
		return revoked != null;
	}

	/** Returns what ends with whatever is read from the peer. */
	Silence silence() {
		return this.silence;
	}

	/** Closes the socket if its client has not got its CONNECT through in time (B27). */
	void awaitConnect() {
		this.connectTime.start(this.link.clock(), this.sockets.settings().connectTime(),
				() -> this.closing.unlessConnected(this.socketLink));
		if (this.closing.isBegun()) {
			this.connectTime.stop();
		}
	}

	/** Frees what the socket holds; any number of times. */
	void release() {
		this.connectTime.stop();
		this.outbox.abandon();
	}

	/** Hands a message over to be written; never waits for the peer. */
	@Override
	public void sendMessage(WebSocketMessage<?> given) {
		WebSocketMessage<?> message = ConnectedFrame.of(this.socketLink, given);
		SentMessage sent = new SentMessage(message, this.socketLink.subscriptions(), this.link.clock().nanoTime());
		deliver(Payload.of(message), sent.mayMiss(this.sockets),
				isError(message) ? () -> this.closing.mayBeLast(message) : sent, this.sockets.patience());
	}

	private static boolean isError(WebSocketMessage<?> message) {
		return message instanceof TextMessage text && text.getPayload().startsWith("ERROR\n");
	}

	/**
	 * Hands a frame of the broker over to be written; never waits for the peer.
	 * @param gate asked before it is written: false if it may no longer go out
	 * @param patience that of a publication to many, which is written together with what
	 * comes meanwhile; null to write at once if nothing else waits
	 */
	void deliver(Payload frame, boolean mayMiss, BooleanSupplier gate, @Nullable Patience patience) {
		boolean open = mayPass() && !this.closing.isBegun();
		Payload payload = open ? carried(frame) : null;
		if (payload == null) {
			return;
		}
		if (patience == null) {
			this.outbox.send(payload, mayMiss, gate);
		}
		else {
			this.outbox.sendSoon(payload, mayMiss, gate, patience);
		}
	}

	private @Nullable Payload carried(Payload frame) {
		return isSockJs() ? AsText.of(frame, () -> this.control.get().tellNotText(this)) : frame;
	}

	@Override
	public long waiting() {
		return this.outbox.waiting();
	}

	/** Waits until all that was sent is written, or until the time is over. */
	boolean awaitWritten(Duration limit) throws InterruptedException {
		return this.outbox.awaitWritten(limit);
	}

	/** Returns whether answers to pings are heard; SockJS keeps them to itself. */
	boolean hearsAnswers() {
		return !isSockJs();
	}

	/** Asks the peer for an answer; does nothing where it is being written to anyway. */
	void ping() {
		if (!isClosing()) {
			this.socketLink.pinged();
			this.outbox.ping();
		}
	}

	@Override
	public boolean mayPass() {
		return !this.shut && this.link.endCause() == null;
	}

	@Override
	public void missed(List<BooleanSupplier> gates) {
		logger.debug("Socket {} reads slowly and misses {} messages", id(), gates.size());
		gates.forEach((gate) -> this.link.refused(Refused.MISSED));
		Stream<String> destinations = gates.stream().map(GatedSocket::destination).filter(Objects::nonNull);
		// Told once, for all that is missed until the client hears of it: a notice that
		// waits waits with the rest.
		destinations.distinct()
			.filter(this.gaps::add)
			.forEach((destination) -> this.control.get()
				.tellGap(this, destination, () -> this.gaps.remove(destination)));
	}

	private static @Nullable String destination(BooleanSupplier gate) {
		if (gate instanceof SentMessage sent) {
			return sent.destination();
		}
		return (gate instanceof Subscription subscription) ? subscription.destination() : null;
	}

	@Override
	public void tooSlow() {
		this.closing.giveUp(Refused.SLOW_CONSUMER,
				"The client reads more slowly than it is written to: connect again.");
	}

	@Override
	public void broken(Throwable error) {
		this.closing.broken(error);
		this.connectTime.stop();
	}

	@Override
	public void shut() {
		this.shut = true;
	}

	@Override
	public void giveUp(Refused reason, String sentence) {
		this.closing.giveUp(reason, sentence);
	}

	@Override
	public void close() {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) {
		EndCause cause = this.link.endCause();
		if (cause != null) {
			end(cause);
		}
		else if (status.equalsCode(CloseStatus.GOING_AWAY) && this.sockets.areStopping()) {
			this.closing.restart(this.sockets.retryAfter());
		}
		else {
			this.closing.afterLast(status);
		}
	}

	/**
	 * Lets the client go, off this thread, as the server leaves (B54).
	 * @param limit how long what waits for it may take to be written
	 * @param done run once it is closed
	 */
	void leave(Duration limit, Runnable done) {
		this.closing.leave(this.sockets.retryAfter(), limit, done);
		this.connectTime.stop();
	}

	@Override
	public void end(EndCause cause) {
		List<Subscription> notices = this.socketLink.subscriptions().openTo(this.sockets.ofUsers(Notices.SESSION));
		this.closing.end(cause, Goodbye.end(cause, notices, this.socketLink.stompVersion()));
		this.connectTime.stop();
	}

}
