package org.sessionlink.outbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.web.socket.CloseStatus;

/**
 * Closes the sockets that the broker has done with; Spring would answer with an ERROR
 * frame, and close them as ones whose frame was refused.
 *
 * <p>
 * A client that says DISCONNECT is closed with 1000 (STOMP 1.2, "DISCONNECT"). One of
 * whose heart-beats the broker has lost several may come back (B36): browsers slow a page
 * in the background down so that its heart-beats come late.
 */
final class Disconnects implements ExecutorChannelInterceptor {

	private final Sockets sockets;

	Disconnects(Sockets sockets) {
		this.sockets = sockets;
	}

	// Here and not before, so that it comes behind what was sent to the client earlier.
	@Override
	public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		MessageHeaders headers = message.getHeaders();
		if (SimpMessageHeaderAccessor.getMessageType(headers) != SimpMessageType.DISCONNECT_ACK) {
			return message;
		}
		if (!(headers.get(SimpMessageHeaderAccessor.DISCONNECT_MESSAGE_HEADER) instanceof Message<?> disconnect)) {
			heartbeatsLost(SimpMessageHeaderAccessor.getSessionId(headers));
			return null;
		}
		if (NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER,
				disconnect.getHeaders()) != null) {
			return message;
		}
		left(GatedSocket.in(SimpMessageHeaderAccessor.getSessionAttributes(disconnect.getHeaders())));
		return null;
	}

	private void heartbeatsLost(@Nullable String socketId) {
		GatedSocket socket = (socketId != null) ? this.sockets.get(socketId) : null;
		if (socket != null) {
			socket.closing()
				.giveUp(Refused.HEARTBEAT,
						"The heart-beats that this client had promised did not come: connect again.");
		}
	}

	private static void left(@Nullable GatedSocket socket) {
		if (socket == null || !socket.isOpen()) {
			return;
		}
		socket.close(CloseStatus.NORMAL);
	}

}
