package org.sessionlink.broker;

import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Telling;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderInitializer;

/**
 * A message that goes through the outbound channel, as the application watches that.
 *
 * @param outbound the channel to a socket
 * @param initializer the application's headers for what goes out, or null
 */
record WatchedParcel(Message<?> message, Function<String, MessageChannel> outbound,
		@Nullable MessageHeaderInitializer initializer, long begun, Numbers.Number number) implements Parcel {

	private static final int HEAD = 256;

	@Override
	public long bytes() {
		return HEAD + ((this.message.getPayload() instanceof byte[] body) ? body.length : 0L);
	}

	@Override
	public void to(String socketId, Subscription subscription, Map<String, String> further) {
		Telling.tell("The outbound channel",
				() -> this.outbound.apply(socketId).send(sent(socketId, subscription, further)));
	}

	private Message<?> sent(String socketId, Subscription subscription, Map<String, String> further) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		if (this.initializer != null) {
			this.initializer.initHeaders(headers);
		}
		headers.setSessionId(socketId);
		headers.setSubscriptionId(subscription.id());
		headers.copyHeadersIfAbsent(this.message.getHeaders());
		further.forEach(headers::setNativeHeader);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(this.message.getPayload(), headers.getMessageHeaders());
	}

}
