package org.sessionlink.outbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Subscription;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Notes which subscription a message is for before an interceptor of the application can
 * hold or rewrite it, and asks that one once all have had it: another one may have its id
 * by then (B12, B13).
 */
final class SubscriptionGate implements ExecutorChannelInterceptor {

	private static final String HEADER = SubscriptionGate.class.getName();

	private final Sockets sockets;

	SubscriptionGate(Sockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		Subscription subscription = subscription(message.getHeaders());
		if (subscription == null) {
			return message;
		}
		Begun begun = Begun.in(message.getHeaders());
		return (begun == null || subscription.isOlderThan(begun.nanos())) ? with(subscription, message) : null;
	}

	private @Nullable Subscription subscription(MessageHeaders headers) {
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		String id = SimpMessageHeaderAccessor.getSubscriptionId(headers);
		boolean isMessage = SimpMessageHeaderAccessor.getMessageType(headers) == SimpMessageType.MESSAGE;
		GatedSocket socket = (isMessage && socketId != null) ? this.sockets.get(socketId) : null;
		return (socket != null && id != null) ? socket.socketLink().subscriptions().get(id) : null;
	}

	private static Message<?> with(Subscription subscription, Message<?> message) {
		MessageHeaderAccessor headers = MessageHeaderAccessor.getMutableAccessor(message);
		headers.setHeader(HEADER, subscription);
		return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

	@Override
	public @Nullable Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		return (message.getHeaders().get(HEADER) instanceof Subscription subscription && !subscription.getAsBoolean())
				? null : message;
	}

}
