package org.sessionlink.outbound;

import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * A socket with a gate: once its link has ended nothing passes any more but the goodbye
 * (B5, B6), whoever closes it and with whatever status.
 *
 * <p>
 * It lies beneath Spring's buffering, so that what waits there does not pass either. One
 * writes at a time, under the lock; who closes waits for the lock only so long, as the
 * writer may be held by a peer that has stopped reading (B18).
 */
final class GatedSocket extends WebSocketSessionDecorator implements LinkedSocket {

	private static final Logger logger = LoggerFactory.getLogger(GatedSocket.class);

	private static final String ATTRIBUTE = GatedSocket.class.getName();

	private static final long LOCK_MILLIS = 200;

	private static final CloseStatus RESTART = CloseStatus.GOING_AWAY.withReason("server-restart");

	private static final CloseStatus FRAME_REFUSED = CloseStatus.POLICY_VIOLATION.withReason("frame-refused");

	private final SocketLink socketLink;

	private final Link link;

	private final OutboundSettings settings;

	private final Supplier<SubscriptionControl> subscriptions;

	private final SocketTurn turn = new SocketTurn();

	private final ReentrantLock writing = new ReentrantLock();

	private final AtomicBoolean closing = new AtomicBoolean();

	private volatile @Nullable String noticeSubscription;

	private volatile @Nullable String errorCode;

	// Changed in the socket's turn alone.
	private Identity shown;

	GatedSocket(WebSocketSession session, SocketLink socketLink, OutboundSettings settings,
			Supplier<SubscriptionControl> subscriptions) {
		super(session);
		this.socketLink = socketLink;
		this.link = socketLink.link();
		this.settings = settings;
		this.subscriptions = subscriptions;
		this.shown = socketLink.identity();
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
			if (this.settings.closeOnUserChange()) {
				this.link.end(this, EndCause.USER_CHANGED);
			}
			else {
				this.subscriptions.get().review(this);
			}
		});
	}

	@Override
	public boolean revoke(String subscription, String reason) {
		if (!this.socketLink.subscriptions().all().containsKey(subscription)) {
			return false;
		}
		this.turn.later(() -> this.subscriptions.get().revoke(this, subscription, reason));
		return true;
	}

	@Override
	public void sendMessage(WebSocketMessage<?> message) throws IOException {
		this.writing.lock();
		try {
			if (this.link.endCause() == null && !this.closing.get()) {
				String code = Goodbye.codeIn(message);
				if (code != null) {
					this.errorCode = code;
				}
				super.sendMessage(message);
			}
		}
		finally {
			this.writing.unlock();
		}
	}

	@Override
	public void ping() {
		if (!this.writing.tryLock()) {
			return;
		}
		try {
			sendMessage(new PingMessage());
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be pinged", id(), ex);
		}
		finally {
			this.writing.unlock();
		}
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
			goodbye(Goodbye.restart(), RESTART);
		}
		else if (this.closing.compareAndSet(false, true)) {
			// Spring closes with 1002 behind the ERROR frame of whatever it refused.
			super.close(status.equalsCode(CloseStatus.PROTOCOL_ERROR) ? frameRefused() : status);
		}
	}

	private CloseStatus frameRefused() {
		String code = this.errorCode;
		return (code != null) ? CloseStatus.POLICY_VIOLATION.withReason(code) : FRAME_REFUSED;
	}

	@Override
	public void end(EndCause cause) {
		try {
			goodbye(Goodbye.end(cause, this.noticeSubscription),
					CloseStatus.POLICY_VIOLATION.withReason(cause.reason()));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be closed", id(), ex);
		}
	}

	/**
	 * Says why this socket is not wanted any more, and closes it; does nothing where it
	 * was closed before.
	 * @param sentence what to do about it, for people
	 */
	void refuse(Refused reason, String sentence) {
		this.link.refused(reason);
		logger.warn("Socket {} of session {} is closed: {}", id(), this.link.fingerprint(), reason.code());
		try {
			goodbye(Goodbye.refused(reason, sentence), CloseStatus.POLICY_VIOLATION.withReason(reason.code()));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be closed", id(), ex);
		}
	}

	private void goodbye(WebSocketMessage<?> message, CloseStatus status) throws IOException {
		if (!this.closing.compareAndSet(false, true)) {
			return;
		}
		try {
			sayIfHeard(message);
		}
		finally {
			super.close(status);
		}
	}

	private void sayIfHeard(WebSocketMessage<?> message) throws IOException {
		try {
			if (!this.writing.tryLock(LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
				logger.debug("Socket {} is closed without a goodbye: its peer does not read", id());
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return;
		}
		try {
			super.sendMessage(message);
		}
		finally {
			this.writing.unlock();
		}
	}

}
