package org.sessionlink.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Ties what a client acknowledges to the connection that it came over: the broker knows
 * it over no other, and would end the next one for it. Messages over the first connection
 * are left as they are.
 */
final class RelayedAcks {

	private static final List<String> OF_MESSAGES = List.of("ack", StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER);

	private static final List<String> OF_CLIENTS = List.of(StompHeaderAccessor.STOMP_ID_HEADER,
			StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER);

	private static final char BEHIND = '@';

	private RelayedAcks() {
	}

	/**
	 * Marks a message that the client is to acknowledge.
	 * @param connection how many the line has had
	 */
	static void mark(int connection, StompHeaderAccessor message) {
		if (connection > 1) {
			for (String name : OF_MESSAGES) {
				String value = message.getFirstNativeHeader(name);
				if (value != null) {
					message.setNativeHeader(name, Integer.toString(connection) + BEHIND + value);
				}
			}
		}
	}

	/**
	 * Returns what goes to the broker of a frame: null for an acknowledgement of what
	 * came over another connection.
	 */
	static @Nullable Message<byte[]> of(int connection, StompHeaderAccessor frame, Message<byte[]> message) {
		boolean acknowledges = frame.getCommand() == StompCommand.ACK || frame.getCommand() == StompCommand.NACK;
		if (!acknowledges || connection <= 1) {
			return message;
		}
		String mark = Integer.toString(connection) + BEHIND;
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(message);
		for (String name : OF_CLIENTS) {
			String value = copy.getFirstNativeHeader(name);
			if (value != null && !value.startsWith(mark)) {
				return null;
			}
			if (value != null) {
				copy.setNativeHeader(name, value.substring(mark.length()));
			}
		}
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

}
