package org.sessionlink.outbound;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

/**
 * A socket with a gate: once its link has ended nothing passes any more but the goodbye
 * (B5, B6), whoever closes it and with whatever status.
 *
 * <p>
 * What is sent goes through its {@link Outbox}, beneath Spring's buffering, which so
 * never has anything to buffer. Who closes waits for a message under way only so long, as
 * its peer may have stopped reading (B18).
 */
final class GatedSocket extends WebSocketSessionDecorator implements LinkedSocket, Outbox.Owner {

	private static final Logger logger = LoggerFactory.getLogger(GatedSocket.class);

	private static final String ATTRIBUTE = GatedSocket.class.getName();

	private static final long GOODBYE_MILLIS = 200;

	private static final CloseStatus RESTART = CloseStatus.GOING_AWAY.withReason("server-restart");

	// 1013: "Try Again Later".
	private static final CloseStatus TRY_AGAIN = CloseStatus.SERVICE_OVERLOAD;

	private static final CloseStatus SLOW = TRY_AGAIN.withReason(Refused.SLOW_CONSUMER.code());

	private static final CloseStatus FRAME_REFUSED = CloseStatus.POLICY_VIOLATION.withReason("frame-refused");

	private final SocketLink socketLink;

	private final Link link;

	private final Sockets sockets;

	private final Supplier<SubscriptionControl> subscriptions;

	private final SocketTurn turn = new SocketTurn();

	private final Outbox outbox;

	private final AtomicBoolean closing = new AtomicBoolean();

	private final AtomicBoolean announced = new AtomicBoolean();

	private volatile long lastHeard;

	private volatile @Nullable Future<?> connectTimer;

	private volatile @Nullable String noticeSubscription;

	// Changed in the socket's turn alone.
	private Identity shown;

	GatedSocket(WebSocketSession session, SocketLink socketLink, Sockets sockets,
			Supplier<SubscriptionControl> subscriptions) {
		super(session);
		this.socketLink = socketLink;
		this.link = socketLink.link();
		this.sockets = sockets;
		this.subscriptions = subscriptions;
		this.shown = socketLink.identity();
		this.lastHeard = this.link.clock().nanoTime();
		this.outbox = new Outbox(Wire.of(session, (task) -> this.link.clock().execute(Crew.WRITING, task)), this,
				this.link.clock(), sockets.settings(), sockets.writers()::soon);
	}

	static @Nullable GatedSocket in(@Nullable Map<String, Object> attributes) {
		return (attributes != null) ? (GatedSocket) attributes.get(ATTRIBUTE) : null;
	}

	void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
	}

	@Override
	public String id() {
		return getId();
	}

	@Override
	public SocketLink socketLink() {
		return this.socketLink;
	}

	/** Returns who the socket belongs to now (G8, B12). */
	@Override
	public @Nullable Principal getPrincipal() {
		return this.socketLink.identity().principal();
	}

	SocketTurn turn() {
		return this.turn;
	}

	boolean isClosing() {
		return this.closing.get();
	}

	/** Returns true the first time: the socket's CONNECT has not been made known yet. */
	boolean announce() {
		return this.announced.compareAndSet(false, true);
	}

	/**
	 * Remembers under which subscription the client hears of its session; null for none.
	 */
	void noticesGoTo(@Nullable String subscription) {
		this.noticeSubscription = subscription;
	}

	@Nullable String noticeSubscription() {
		return this.noticeSubscription;
	}

	@Override
	public void sessionIdChanged(String newId) {
		getAttributes().put(SocketLink.SESSION_ID, newId);
	}

	@Override
	public void identityChanged() {
		this.turn.later(() -> {
			Identity now = this.socketLink.identity();
			if (now.sameAs(this.shown)) {
				return;
			}
			this.shown = now;
			if (this.sockets.settings().closeOnUserChange()) {
				this.link.end(this, EndCause.USER_CHANGED);
			}
			else {
				this.subscriptions.get().review(this);
			}
		});
	}

	@Override
	public boolean revoke(String subscription, String reason) {
		if (this.socketLink.subscriptions().destination(subscription) == null) {
			return false;
		}
		this.turn.later(() -> this.subscriptions.get().revoke(this, subscription, reason));
		return true;
	}

	/** Remembers that something was read from the peer just now, whatever it was. */
	void heard() {
		this.lastHeard = this.link.clock().nanoTime();
	}

	/** Returns how long nothing at all was read from the peer. */
	Duration silence() {
		return Duration.ofNanos(this.link.clock().nanoTime() - this.lastHeard);
	}

	/** Closes the socket if its client has not got its CONNECT through in time (B27). */
	void awaitConnect() {
		if (!this.sockets.settings().connectTime().isZero()) {
			this.connectTimer = this.link.clock().schedule(this::checkConnected, this.sockets.settings().connectTime());
		}
		if (isClosing()) {
			release();
		}
	}

	private void checkConnected() {
		if (!this.socketLink.isConnected() && !isClosing()) {
			this.link.clock()
				.execute(Crew.CLOSING, () -> refuse(Refused.CONNECT_TIMEOUT,
						"A connection starts with a CONNECT frame, and this one came with none in time."));
		}
	}

	/** Frees what the socket holds; any number of times. */
	void release() {
		Future<?> timer = this.connectTimer;
		if (timer != null) {
			timer.cancel(false);
		}
		this.outbox.abandon();
	}

	/** Hands a message over to be written; never waits for the peer. */
	@Override
	public void sendMessage(WebSocketMessage<?> message) {
		if (isOpenToMessages()) {
			this.outbox.send(message, mayMiss(message));
		}
	}

	/**
	 * Hands a frame of the broker over to be written; never waits for the peer.
	 * @param now whether to write it at once, if nothing else waits, or together with
	 * what comes meanwhile
	 */
	void deliver(WebSocketMessage<?> frame, boolean mayMiss, boolean now) {
		if (!isOpenToMessages()) {
			return;
		}
		WebSocketMessage<?> message = (frame instanceof BinaryMessage binary && isTextOnly()) ? asText(binary) : frame;
		if (now) {
			this.outbox.send(message, mayMiss);
		}
		else {
			this.outbox.sendSoon(message, mayMiss);
		}
	}

	private boolean isOpenToMessages() {
		return mayPass() && !isClosing();
	}

	private boolean isTextOnly() {
		return unwrap(this) instanceof SockJsSession;
	}

	private static TextMessage asText(BinaryMessage binary) {
		return new TextMessage(StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString());
	}

	/** Waits until all that was sent is written, or until the time is over. */
	boolean awaitWritten(Duration limit) throws InterruptedException {
		return this.outbox.awaitEmpty(limit);
	}

	/** Asks the peer for an answer; does nothing where it is being written to anyway. */
	void ping() {
		if (!isClosing()) {
			this.outbox.writeIfIdle(new PingMessage(), super::sendMessage);
		}
	}

	@Override
	public boolean mayPass() {
		return this.link.endCause() == null;
	}

	private boolean mayMiss(WebSocketMessage<?> message) {
		if (this.sockets.settings().dropOldest().isEmpty()) {
			return false;
		}
		String destination = EncodedFrame.destination(message);
		return destination != null && this.sockets.mayMiss(destination);
	}

	@Override
	public void missed(int count) {
		logger.debug("Socket {} reads slowly and misses {} messages", id(), count);
		for (int i = 0; i < count; i++) {
			this.link.refused(Refused.MISSED);
		}
	}

	@Override
	public void tooSlow() {
		giveUp(Refused.SLOW_CONSUMER, "The client reads more slowly than it is written to: connect again.");
	}

	@Override
	public void broken(Throwable error) {
		logger.debug("Socket {} cannot be written to any more", id(), error);
		if (this.closing.compareAndSet(false, true)) {
			this.link.clock().execute(Crew.CLOSING, () -> closeQuietly(CloseStatus.SERVER_ERROR));
		}
		release();
	}

	@Override
	public void close() throws IOException {
		close(CloseStatus.NORMAL);
	}

	@Override
	public void close(CloseStatus status) throws IOException {
		EndCause cause = this.link.endCause();
		if (cause != null) {
			end(cause);
		}
		else if (status.equalsCode(CloseStatus.GOING_AWAY)) {
			restart();
		}
		else if (this.closing.compareAndSet(false, true)) {
			// Spring closes with 1002 behind the ERROR frame of whatever it refused, and
			// with 4500 what it finds slow.
			CloseStatus real = status.equalsCode(CloseStatus.PROTOCOL_ERROR) ? FRAME_REFUSED
					: status.equalsCode(CloseStatus.SESSION_NOT_RELIABLE) ? SLOW : status;
			if (this.outbox.closeAfterLast(() -> this.link.clock().execute(Crew.CLOSING, () -> closeQuietly(real)))) {
				super.close(real);
			}
		}
	}

	// A server with many peers that do not read must not wait for one after the other.
	private void restart() throws IOException {
		if (this.outbox.hasWork()) {
			this.link.clock().execute(Crew.CLOSING, () -> goodbyeQuietly(Goodbye.restart(), RESTART));
		}
		else {
			goodbye(Goodbye.restart(), RESTART);
		}
	}

	@Override
	public void end(EndCause cause) {
		goodbyeQuietly(Goodbye.end(cause, this.noticeSubscription),
				CloseStatus.POLICY_VIOLATION.withReason(cause.reason()));
	}

	/**
	 * Says why this socket is not wanted any more, and closes it; does nothing where it
	 * was closed before.
	 * @param sentence what to do about it, for people
	 */
	void refuse(Refused reason, String sentence) {
		this.link.refused(reason);
		logger.warn("Socket {} of session {} is closed: {}", id(), this.link.fingerprint(), reason.code());
		goodbyeQuietly(Goodbye.refused(reason, sentence), CloseStatus.POLICY_VIOLATION.withReason(reason.code()));
	}

	/**
	 * Closes a socket whose client may come back at once (1013), off this thread; does no
	 * more than that where it was closed before.
	 * @param sentence what to do about it, for people
	 */
	void giveUp(Refused reason, String sentence) {
		if (!this.closing.compareAndSet(false, true)) {
			this.outbox.close();
			return;
		}
		this.link.refused(reason);
		logger.info("Socket {} of session {} is closed: {}", id(), this.link.fingerprint(), reason.code());
		this.link.clock()
			.execute(Crew.CLOSING,
					() -> sayAndClose(Goodbye.refused(reason, sentence), TRY_AGAIN.withReason(reason.code())));
	}

	private void goodbyeQuietly(WebSocketMessage<?> message, CloseStatus status) {
		try {
			goodbye(message, status);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be closed", id(), ex);
		}
	}

	private void goodbye(WebSocketMessage<?> message, CloseStatus status) throws IOException {
		if (this.closing.compareAndSet(false, true)) {
			sayIfHeard(message);
			try {
				super.close(status);
			}
			finally {
				release();
			}
		}
		else {
			// Where it was closed, and what was sent before is still under way.
			this.outbox.close();
		}
	}

	private void sayAndClose(WebSocketMessage<?> message, CloseStatus status) {
		sayIfHeard(message);
		closeQuietly(status);
		release();
	}

	private void sayIfHeard(WebSocketMessage<?> message) {
		try {
			if (!this.outbox.writeLast(message, GOODBYE_MILLIS)) {
				logger.debug("Socket {} is closed without a goodbye: its peer does not read", id());
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before its goodbye", id(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void closeQuietly(CloseStatus status) {
		try {
			super.close(status);
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be closed", id(), ex);
		}
	}

}
