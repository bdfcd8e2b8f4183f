package org.sessionlink.broker;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Sends the RECEIPT that a frame asks for, once the frame has been handled (B32; STOMP
 * 1.2, "RECEIPT"): the subscription is there, the handler has returned. A frame that was
 * refused gets none; that of a DISCONNECT Spring sends, and those of what is
 * {@link Relayed} a broker elsewhere.
 */
final class Receipts implements ChannelInterceptor {

	// CONNECT has none (STOMP 1.2, "Header receipt").
	private static final Set<SimpMessageType> WITHOUT = EnumSet.of(SimpMessageType.CONNECT, SimpMessageType.DISCONNECT,
			SimpMessageType.HEARTBEAT);

	private final Sockets sockets;

	private final Supplier<? extends List<Relayed>> elsewhere;

	private final Predicate<MessageHeaders> withPosition;

	/**
	 * Makes it.
	 * @param elsewhere what gets its receipts from another broker
	 * @param withPosition what gets its receipt with a position in it
	 */
	Receipts(Sockets sockets, Supplier<? extends List<Relayed>> elsewhere, Predicate<MessageHeaders> withPosition) {
		this.sockets = sockets;
		this.withPosition = withPosition;
		this.elsewhere = elsewhere;
	}

	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		MessageHeaders headers = message.getHeaders();
		String receipt = receipt(headers);
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		if (sent && ex == null && receipt != null && socketId != null
				&& !WITHOUT.contains(SimpMessageHeaderAccessor.getMessageType(headers)) && isSentHere(headers)) {
			SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
			if (socket != null) {
				socket.afterFrame(() -> send(socketId, receipt));
			}
		}
	}

	private boolean isSentHere(MessageHeaders headers) {
		// One that says a position comes from where that is known.
		return !this.withPosition.test(headers)
				&& this.elsewhere.get().stream().noneMatch((relayed) -> relayed.includes(headers));
	}

	private void send(String socketId, String receipt) {
		this.sockets.send(socketId,
				(version) -> new FrameEncoder("RECEIPT", version)
					.header(StompHeaderAccessor.STOMP_RECEIPT_ID_HEADER, receipt)
					.frame());
	}

	private static @Nullable String receipt(MessageHeaders headers) {
		String name = StompHeaderAccessor.STOMP_RECEIPT_HEADER;
		String receipt = NativeMessageHeaderAccessor.getFirstNativeHeader(name, headers);
		// The firewall moves it where no other client gets it.
		return (receipt != null) ? receipt : (String) headers.get(name);
	}

}
