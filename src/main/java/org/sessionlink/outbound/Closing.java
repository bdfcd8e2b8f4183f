package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Closes one socket: once, whoever is first by its {@link CloseDecision}, and with the
 * words that fit (B6), which are one ERROR frame at most, whoever is first to write by
 * one compare-and-set. What may wait for the peer is done by threads for that, and no
 * longer than it takes a peer that reads (B18).
 *
 * <p>
 * A gate that was shut before stays so: what is still to be sent then goes nowhere.
 */
final class Closing {

	private static final Logger logger = LoggerFactory.getLogger(Closing.class);

	private static final Duration GOODBYE = Duration.ofMillis(200);

	private static final CloseStatus RESTART = CloseStatus.GOING_AWAY.withReason("server-restart");

	// 1013: "Try Again Later".
	private static final CloseStatus TRY_AGAIN = CloseStatus.SERVICE_OVERLOAD;

	private static final CloseStatus SLOW = TRY_AGAIN.withReason(Refused.SLOW_CONSUMER.code());

	private static final CloseStatus FRAME_REFUSED = CloseStatus.POLICY_VIOLATION.withReason("frame-refused");

	private final AtomicReference<@Nullable Object> lastWords = new AtomicReference<>();

	private final WebSocketSession socket;

	private final Link link;

	private final SocketLink client;

	private final Outbox outbox;

	private final CloseDecision decision;

	private final Crew crew;

	private volatile @Nullable Thread closer;

	/**
	 * Makes what will close a socket.
	 * @param crew whose threads may wait for this kind of socket
	 */
	Closing(WebSocketSession socket, SocketLink client, Outbox outbox, Crew crew) {
		this.socket = socket;
		this.client = client;
		this.link = client.link();
		this.outbox = outbox;
		this.decision = new CloseDecision(client, outbox::unwritten);
		this.crew = crew;
	}

	boolean isBegun() {
		return this.decision.isMade();
	}

	/**
	 * Returns whether this thread is just closing the socket for the server, and so has
	 * others to close.
	 */
	boolean isOnThisThread() {
		return this.closer == Thread.currentThread();
	}

	/**
	 * Returns whether an ERROR frame may go out, which is the first: a client is told
	 * once why its socket closes, though several things may be why.
	 */
	boolean mayBeLast(WebSocketMessage<?> error) {
		return this.lastWords.compareAndSet(null, error) || this.lastWords.get() == error;
	}

	/** Tells the link of the close, once it is over; once, however often it is said. */
	void over(CloseStatus status, boolean stopping) {
		this.decision.say(this.socket.getId(), status, stopping);
	}

	/** Closes once what was sent before is written. */
	void afterLast(CloseStatus status) {
		// Spring closes with 1002 behind the ERROR frame of whatever it refused, and with
		// 4500 what it finds slow.
		boolean slow = status.equalsCode(CloseStatus.SESSION_NOT_RELIABLE);
		CloseStatus real = status.equalsCode(CloseStatus.PROTOCOL_ERROR) ? FRAME_REFUSED : slow ? SLOW : status;
		CloseCause said = this.client.closesFor();
		CloseCause cause = slow ? CloseCause.of(Refused.SLOW_CONSUMER) : (said != null) ? said : CloseCause.APPLICATION;
		if (!this.decision.make(real, cause)) {
			return;
		}
		Runnable close = () -> this.link.execute(this.crew, () -> closeQuietly(real));
		if (!this.outbox.closeAfterLast(close)) {
			close.run();
		}
	}

	/**
	 * Says that the server goes down; a peer that reads is closed on return.
	 * @param retryAfter in how many seconds the client may come back
	 */
	void restart(int retryAfter) {
		WebSocketMessage<?> message = Goodbye.restart(retryAfter);
		// A server with many peers that do not read must not wait for one after the
		// other.
		if (this.outbox.hasWork() || this.crew == Crew.RELEASING) {
			this.link.execute(this.crew, () -> goodbye(message, RESTART, CloseCause.SERVER_RESTART));
		}
		else {
			goodbye(message, RESTART, CloseCause.SERVER_RESTART);
		}
	}

	/**
	 * Says the same once what waits for the client is written, off this thread: nothing
	 * more comes behind that.
	 * @param limit how long that may take
	 * @param done run once the socket is closed, or at once where somebody else does that
	 */
	void leave(int retryAfter, Duration limit, Runnable done) {
		if (!this.decision.make(RESTART, CloseCause.SERVER_RESTART)) {
			done.run();
			return;
		}
		this.link.execute(this.crew, () -> {
			try {
				this.outbox.awaitWritten(limit);
				sayAndClose(Goodbye.restart(retryAfter), RESTART);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			finally {
				done.run();
			}
		});
	}

	/** Says why the link has ended; may wait for the peer a little. */
	void end(EndCause cause, WebSocketMessage<?> message) {
		CloseStatus status = CloseStatus.POLICY_VIOLATION.withReason(cause.reason());
		if (this.crew == Crew.CLOSING) {
			goodbye(message, status, CloseCause.of(cause));
		}
		else {
			this.link.execute(this.crew, () -> goodbye(message, status, CloseCause.of(cause)));
		}
	}

	/**
	 * Says why this socket is not wanted any more, and closes it off this thread; does
	 * nothing where it was closed before.
	 * @param sentence what to do about it, for people
	 */
	void refuse(Refused reason, String sentence) {
		CloseStatus status = CloseStatus.POLICY_VIOLATION.withReason(reason.code());
		if (this.decision.make(status, CloseCause.of(reason))) {
			this.link.refused(reason);
			logger.warn("Socket {} of session {} is closed: {}", this.socket.getId(), this.link.fingerprint(),
					reason.code());
			say(Goodbye.refused(reason, sentence), status);
		}
	}

	/** Refuses a socket whose client has not connected in the time that it had. */
	void unlessConnected(SocketLink client) {
		if (!client.isConnected()) {
			refuse(Refused.CONNECT_TIMEOUT,
					"A connection starts with a CONNECT frame, and this one came with none in time.");
		}
	}

	/**
	 * Closes a socket whose client may come back at once (1013), off this thread; throws
	 * away what waits for it, which is all it does where it was closed before.
	 * @param sentence what to do about it, for people
	 */
	void giveUp(Refused reason, String sentence) {
		CloseStatus status = TRY_AGAIN.withReason(reason.code());
		if (this.decision.make(status, CloseCause.of(reason))) {
			this.link.refused(reason);
			logger.info("Socket {} of session {} is closed: {}", this.socket.getId(), this.link.fingerprint(),
					reason.code());
			say(Goodbye.refused(reason, sentence), status);
		}
		else {
			this.outbox.close();
		}
	}

	/**
	 * Closes a socket whose client is to come back at once, with the id that its session
	 * has now (1013), off this thread; does nothing where it was closed before.
	 */
	void renewed() {
		CloseStatus status = TRY_AGAIN.withReason(Refused.SESSION_RENEWED.code());
		if (this.decision.make(status, CloseCause.of(Refused.SESSION_RENEWED))) {
			this.link.refused(Refused.SESSION_RENEWED);
			logger.info("Socket {} of session {} is closed: {}", this.socket.getId(), this.link.fingerprint(),
					Refused.SESSION_RENEWED.code());
			say(Goodbye.renewed(), status);
		}
	}

	private void say(WebSocketMessage<?> message, CloseStatus status) {
		this.link.execute(this.crew, () -> sayAndClose(message, status));
	}

	/** Closes a socket that cannot be written to any more, off this thread. */
	void broken(Throwable error) {
		logger.debug("Socket {} cannot be written to any more", this.socket.getId(), error);
		if (this.decision.make(CloseStatus.NO_CLOSE_FRAME, lost())) {
			this.link.execute(this.crew, () -> closeQuietly(CloseStatus.SERVER_ERROR));
		}
		this.outbox.abandon();
	}

	// Who said goodbye may be gone before what waits for it was written.
	private CloseCause lost() {
		CloseCause said = this.client.closesFor();
		return (said != null) ? said : CloseCause.CONNECTION_LOST;
	}

	private void goodbye(WebSocketMessage<?> message, CloseStatus status, CloseCause cause) {
		if (this.decision.make(status, cause)) {
			sayAndClose(message, status);
		}
		else {
			// Where it was closed, and what was sent before is still under way.
			this.outbox.close();
		}
	}

	private void sayAndClose(WebSocketMessage<?> message, CloseStatus status) {
		sayIfHeard(message);
		if (this.crew == Crew.RELEASING) {
			// What is no container's WebSocket closes only once the thread is free.
			this.outbox.abandon();
		}
		closeQuietly(status);
		this.outbox.abandon();
	}

	private void sayIfHeard(WebSocketMessage<?> message) {
		try {
			if (!mayBeLast(message)) {
				this.outbox.awaitWritten(GOODBYE);
			}
			else if (!this.outbox.writeLast(message, GOODBYE)) {
				logger.debug("Socket {} is closed without a goodbye: its peer does not read", this.socket.getId());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Throwable ex) {
			logger.debug("Socket {} was gone before its goodbye", this.socket.getId(), ex);
		}
	}

	private void closeQuietly(CloseStatus status) {
		this.outbox.beforeClose();
		if (!this.outbox.closesLater(() -> this.link.execute(this.crew, () -> closeNow(status)))) {
			closeNow(status);
		}
	}

	private void closeNow(CloseStatus status) {
		this.closer = Thread.currentThread();
		try {
			this.socket.close(status);
		}
		catch (Throwable ex) {
			logger.debug("Socket {} was gone before it could be closed", this.socket.getId(), ex);
		}
		finally {
			this.closer = null;
		}
	}

}
