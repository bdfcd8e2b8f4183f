package org.sessionlink.inbound;

import java.util.List;
import java.util.function.Supplier;

import org.sessionlink.link.SocketLink;

import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.WebSocketSession;

/**
 * Says of a client whose frames wait that it is there (B36): its heart-beats wait with
 * them, and it would be taken for dead.
 */
final class SignOfLife {

	private final Supplier<? extends List<? extends MessageHandler>> brokers;

	SignOfLife(Supplier<? extends List<? extends MessageHandler>> brokers) {
		this.brokers = brokers;
	}

	void of(WebSocketSession session) {
		SocketLink socket = SocketLink.in(session.getAttributes());
		if (socket == null) {
			return;
		}
		socket.heard();
		StompHeaderAccessor heartbeat = StompHeaderAccessor.createForHeartbeat();
		heartbeat.setSessionId(session.getId());
		for (MessageHandler broker : this.brokers.get()) {
			broker.handleMessage(MessageBuilder.createMessage(new byte[0], heartbeat.getMessageHeaders()));
		}
	}

}
