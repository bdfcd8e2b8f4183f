package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Telling;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.MimeTypeUtils;

/** Notices as MESSAGE frames, put into the outbox of their socket. */
final class OwnNotices implements Notices {

	private final AtomicLong lastId = new AtomicLong();

	private final Sockets sockets;

	OwnNotices(Sockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice) {
		Telling.tell("A notice to a client", () -> send(socketId, this.sockets.ofUsers(queue), notice));
	}

	private void send(String socketId, String destination, Map<String, ? extends @Nullable Object> notice) {
		Body body = new Body(Json.of(notice).getBytes(StandardCharsets.UTF_8), false);
		this.sockets.send(socketId, destination,
				(subscription, version) -> new FrameEncoder("MESSAGE", version)
					.header(StompHeaderAccessor.STOMP_DESTINATION_HEADER, destination)
					.header(StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, MimeTypeUtils.APPLICATION_JSON_VALUE)
					.header(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER, subscription)
					.header(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, "notice-" + this.lastId.incrementAndGet())
					.frame(body, false));
	}

}
