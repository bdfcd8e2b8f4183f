package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MultiValueMap;

/** Which subscriptions of a message's are left for Spring to send it to. */
record Rest(MultiValueMap<String, String> subscriptions) {

	private static final String HEADER = Rest.class.getName();

	static @Nullable MultiValueMap<String, String> in(MessageHeaders headers) {
		return (headers.get(HEADER) instanceof Rest rest) ? rest.subscriptions() : null;
	}

	static Message<?> with(MultiValueMap<String, String> subscriptions, Message<?> message) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(message);
		headers.setHeader(HEADER, new Rest(subscriptions));
		return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

}
