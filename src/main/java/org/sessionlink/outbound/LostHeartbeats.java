package org.sessionlink.outbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;

/**
 * Closes a socket of whose STOMP heart-beats the broker has lost several so that its
 * client comes back (B36): Spring would close it as one whose frame was refused. Browsers
 * slow a page in the background down so that its heart-beats come late.
 */
final class LostHeartbeats implements ChannelInterceptor {

	private final Links links;

	LostHeartbeats(Links links) {
		this.links = links;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.DISCONNECT_ACK
				|| message.getHeaders().containsKey(SimpMessageHeaderAccessor.DISCONNECT_MESSAGE_HEADER)) {
			return message;
		}
		String socketId = SimpMessageHeaderAccessor.getSessionId(message.getHeaders());
		this.links.all()
			.stream()
			.flatMap((link) -> link.sockets().stream())
			.filter((socket) -> socket.id().equals(socketId) && socket instanceof GatedSocket)
			.forEach((socket) -> ((GatedSocket) socket).giveUp(Refused.HEARTBEAT,
					"The heart-beats that this client had promised did not come: connect again."));
		return null;
	}

}
