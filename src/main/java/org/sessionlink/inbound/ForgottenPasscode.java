package org.sessionlink.inbound;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Takes the passcode out of a CONNECT frame behind the last interceptor that may log
 * somebody in with it: no handler, event, log or broker sees it (B35).
 */
public final class ForgottenPasscode implements ChannelInterceptor {

	/** Where Spring keeps it for brokers that ask for it. */
	private static final String CREDENTIALS = "stompCredentials";

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.CONNECT) {
			return message;
		}
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (frame != null && frame.isMutable()) {
			forget(frame);
			return message;
		}
		// An interceptor has made a message of its own.
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(message);
		forget(copy);
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

	private static void forget(StompHeaderAccessor frame) {
		frame.removeHeader(CREDENTIALS);
		frame.removeNativeHeader(StompHeaderAccessor.STOMP_PASSCODE_HEADER);
	}

}
