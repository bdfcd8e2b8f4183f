package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.SocketPresence;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Takes note of subscriptions that have come into effect and that are over, before their
 * RECEIPT goes out, and of those that ask who else is there (B37).
 */
final class PresenceRequests implements ChannelInterceptor {

	/** What a SUBSCRIBE frame asks with. */
	static final String HEADER = "presence";

	private static final String ON = "on";

	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		MessageHeaders headers = message.getHeaders();
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(headers);
		if (!sent || ex != null || (type != SimpMessageType.SUBSCRIBE && type != SimpMessageType.UNSUBSCRIBE)) {
			return;
		}
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		SocketPresence presence = (socket != null) ? socket.presence() : null;
		String id = SimpMessageHeaderAccessor.getSubscriptionId(headers);
		if (socket == null || presence == null || id == null) {
			return;
		}
		if (type == SimpMessageType.UNSUBSCRIBE) {
			presence.unsubscribed(id);
			return;
		}
		boolean watches = ON.equals(NativeMessageHeaderAccessor.getFirstNativeHeader(HEADER, headers));
		socket.afterFrame(() -> presence.subscribed(id, watches));
	}

}
