package org.sessionlink.journey.twin;

import java.nio.charset.StandardCharsets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;

/** Puts something else in the place of a word, or stops the message. */
final class Rewriter implements ChannelInterceptor {

	private final String word;

	private final String replacement;

	Rewriter(String word, String replacement) {
		this.word = word;
		this.replacement = replacement;
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		String body = new String((byte[]) message.getPayload(), StandardCharsets.UTF_8);
		if (body.contains("stop " + this.word)) {
			return null;
		}
		return body.contains(this.word) ? MessageBuilder.createMessage(
				body.replace(this.word, this.replacement).getBytes(StandardCharsets.UTF_8), message.getHeaders())
				: message;
	}

}
