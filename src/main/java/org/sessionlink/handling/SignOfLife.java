package org.sessionlink.handling;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.WebSocketSession;

/**
 * Says of a client whose frames wait that it is there (B36): its heart-beats wait with
 * them, and it would be taken for dead.
 */
final class SignOfLife {

	private static final Logger logger = LoggerFactory.getLogger(SignOfLife.class);

	private static final Duration EACH = Duration.ofSeconds(1);

	private final Supplier<? extends List<? extends MessageHandler>> brokers;

	SignOfLife(Supplier<? extends List<? extends MessageHandler>> brokers) {
		this.brokers = brokers;
	}

	/** Says it, until it is not to be said any more: once a second. */
	void repeat(WebSocketSession session, BooleanSupplier silent) {
		SocketLink socket = SocketLink.in(session.getAttributes());
		if (socket != null) {
			LinkClock clock = socket.link().clock();
			clock.schedule(() -> clock.execute(Crew.PINGING, () -> again(session, silent)), EACH);
		}
	}

	private void again(WebSocketSession session, BooleanSupplier silent) {
		if (!silent.getAsBoolean() || !session.isOpen()) {
			return;
		}
		try {
			of(session);
		}
		finally {
			repeat(session, silent);
		}
	}

	/** Says it once. */
	void of(WebSocketSession session) {
		SocketLink socket = SocketLink.in(session.getAttributes());
		if (socket != null) {
			of(socket, session.getId());
		}
	}

	/** Says it once, of the socket with this id. */
	void of(SocketLink socket, String id) {
		socket.heard();
		StompHeaderAccessor heartbeat = StompHeaderAccessor.createForHeartbeat();
		heartbeat.setSessionId(id);
		for (MessageHandler broker : this.brokers.get()) {
			tell(broker, MessageBuilder.createMessage(new byte[0], heartbeat.getMessageHeaders()));
		}
	}

	private static void tell(MessageHandler broker, Message<?> heartbeat) {
		try {
			broker.handleMessage(heartbeat);
		}
		catch (RuntimeException | Error ex) {
			// It is on the way of frames that have nothing to do with it.
			logger.warn("A broker could not be told of a client's sign of life", ex);
		}
	}

}
