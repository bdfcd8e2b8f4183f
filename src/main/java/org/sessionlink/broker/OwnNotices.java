package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Notices;
import org.sessionlink.link.ReceiptSender;
import org.sessionlink.link.Telling;
import org.sessionlink.outbound.Sockets;
import org.sessionlink.wire.Payload;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.WebSocketMessage;

/** Notices as MESSAGE frames, put into the outbox of their socket. */
final class OwnNotices implements Notices, ReceiptSender {

	private final AtomicLong lastId = new AtomicLong();

	private final Sockets sockets;

	OwnNotices(Sockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice, Runnable goesOut) {
		Telling.tell("A notice to a client", () -> send(socketId, this.sockets.ofUsers(queue), notice, goesOut));
	}

	@Override
	public void tell(String socketId, String queue, Map<String, ? extends @Nullable Object> notice) {
		tell(socketId, queue, notice, () -> {
		});
	}

	@Override
	public void receipt(String socketId, String receipt) {
		Telling.tell("A receipt to a client",
				() -> this.sockets.send(socketId,
						(version) -> new FrameEncoder("RECEIPT", version)
							.header(StompHeaderAccessor.STOMP_RECEIPT_ID_HEADER, receipt)
							.frame()));
	}

	private void send(String socketId, String destination, Map<String, ? extends @Nullable Object> notice,
			Runnable goesOut) {
		Body body = new Body(Json.of(notice).getBytes(StandardCharsets.UTF_8), false);
		boolean sent = this.sockets.send(socketId, destination,
				(subscription, version) -> new Heard(frame(destination, subscription, version, body), goesOut));
		if (!sent) {
			goesOut.run();
		}
	}

	private Frame frame(String destination, String subscription, String version, Body body) {
		return new FrameEncoder("MESSAGE", version).header(StompHeaderAccessor.STOMP_DESTINATION_HEADER, destination)
			.header(StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, MimeTypeUtils.APPLICATION_JSON_VALUE)
			.header(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER, subscription)
			.header(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, "notice-" + this.lastId.incrementAndGet())
			.frame(body, false);
	}

	/** A frame of which somebody hears as it is made into what is written. */
	private record Heard(Frame frame, Runnable goesOut) implements Payload {

		@Override
		public int bytes() {
			return this.frame.bytes();
		}

		@Override
		public WebSocketMessage<?> message() {
			this.goesOut.run();
			return this.frame.message();
		}

	}

}
