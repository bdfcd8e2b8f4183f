package org.sessionlink.inbound;

import java.io.IOException;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;

/**
 * Has the frames of one socket handled: each passes guard, firewall and the application's
 * interceptors, and reaches its handlers; the first error closes the socket, and nothing
 * follows it.
 *
 * <p>
 * Used by one thread at a time, whichever it is.
 */
public final class FrameHandler {

	private static final Logger logger = LoggerFactory.getLogger(FrameHandler.class);

	private static final StompEncoder encoder = new StompEncoder();

	private static final TextMessage NOTHING = new TextMessage("");

	private final WebSocketSession session;

	private final WebSocketHandler spring;

	private final SafeErrorHandler errors;

	private final Refusals refusals;

	private final Incoming incoming;

	/**
	 * Handles frames of this socket.
	 * @param session over what the client is answered
	 * @param spring gets an empty message for each frame, which it then finds decoded
	 */
	FrameHandler(WebSocketSession session, WebSocketHandler spring, SafeErrorHandler errors, Refusals refusals) {
		this.session = session;
		this.spring = spring;
		this.errors = errors;
		this.refusals = refusals;
		this.incoming = Incoming.in(session.getAttributes());
	}

	/** Returns the socket. */
	public WebSocketSession session() {
		return this.session;
	}

	/** Returns what ties the socket to its link, or null where nothing does. */
	public @Nullable SocketLink link() {
		return SocketLink.in(this.session.getAttributes());
	}

	/** Handles a frame, in the socket's turn; tells the client of what fails. */
	public void handle(Frame frame) {
		SocketLink link = link();
		watch(frame.message(), () -> {
			if (link != null) {
				link.inTurn(() -> pass(frame));
			}
			else {
				pass(frame);
			}
		});
	}

	private void pass(Frame frame) throws Exception {
		if (!this.incoming.isRefused()) {
			this.incoming.next();
			HandedFrames.hand(frame.message(), () -> this.spring.handleMessage(this.session, NOTHING));
		}
	}

	/**
	 * Runs what is left of handling a frame that was let through before, unless it would
	 * not be any more; tells the client of what fails.
	 * @param letThrough who was at the other end then
	 * @return whether it was handled
	 */
	public boolean finish(MessageHandlingRunnable rest, @Nullable Identity letThrough) {
		watch(rest.getMessage(), () -> {
			SocketLink link = link();
			if (link != null) {
				SocketLink.live(this.session.getAttributes());
			}
			if (link == null || link.identity().sameAs(letThrough)) {
				rest.run();
			}
			else {
				refuseStale(rest.getMessage(), link);
			}
		});
		return !this.incoming.isRefused();
	}

	private void refuseStale(Message<?> message, SocketLink link) {
		this.refusals.refuse(headers(message), link, this.incoming, Refused.DESTINATION,
				"The user of this session changed while the frame waited: send it again.");
	}

	/**
	 * Tells the client that a method of the application denies what its frame asks for,
	 * where that is how it has failed.
	 * @return whether it is
	 */
	public boolean denied(Message<?> message, Exception failure) {
		SocketLink link = link();
		StompHeaderAccessor frame = headers(message);
		Failure why = Failure.of(failure, frame);
		if (link == null || why.reason() != Refused.ACCESS_DENIED) {
			return false;
		}
		watch(message, () -> this.refusals.refuse(frame, link, this.incoming, Refused.ACCESS_DENIED, why.sentence()));
		return true;
	}

	private static StompHeaderAccessor headers(Message<?> message) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		return (frame != null) ? frame : StompHeaderAccessor.wrap(message);
	}

	/** Closes the socket, and says why; nothing of it is handled any more. */
	public void refuse(Refused reason, String sentence) {
		watch(null, () -> {
			throw new FrameRefusedException(reason, sentence);
		});
	}

	private void watch(@Nullable Message<?> message, SafeErrorHandler.Step step) {
		if (this.incoming.isRefused()) {
			return;
		}
		SafeErrorHandler.Answer error = this.errors.watch(this.incoming, bytes(message), step);
		if (error != null) {
			close(error);
		}
	}

	@SuppressWarnings("unchecked")
	private static @Nullable Message<byte[]> bytes(@Nullable Message<?> message) {
		return (message != null && message.getPayload() instanceof byte[]) ? (Message<byte[]>) message : null;
	}

	private void close(SafeErrorHandler.Answer error) {
		String code = error.code();
		try {
			this.session.sendMessage(new TextMessage(encoder.encode(error.frame())));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it heard of {}", this.session.getId(), code, ex);
		}
		SocketLink link = link();
		if (link != null) {
			link.closesFor(error.cause());
		}
		try {
			this.session.close(status(code));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it could be closed", this.session.getId(), ex);
		}
	}

	// 1013, "Try Again Later", where it is not what the client sent but when.
	private static CloseStatus status(String code) {
		boolean later = Refused.QUEUE_FULL.code().equals(code) || Refused.TOO_MANY_WAITING.code().equals(code);
		return (later ? CloseStatus.SERVICE_OVERLOAD : CloseStatus.POLICY_VIOLATION).withReason(code);
	}

}
