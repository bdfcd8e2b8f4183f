package org.sessionlink.outbound;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * When a message began to be published, before its subscribers were looked up: goes with
 * it where Spring sends it on its way, and not to any client.
 *
 * @param nanos the time of the clock
 */
public record Begun(long nanos) {

	private static final String HEADER = Begun.class.getName();

	/** Returns what these headers hold, or null where there is nothing. */
	static @Nullable Begun in(MessageHeaders headers) {
		return (Begun) headers.get(HEADER);
	}

	/** Returns the message with this. */
	public Message<?> with(Message<?> message) {
		return MessageBuilder.fromMessage(message).setHeader(HEADER, this).build();
	}

}
