package org.sessionlink.broker;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;

/**
 * Which frames go on to a broker elsewhere with the receipt that they ask for, and so get
 * it from there (B32).
 *
 * @param prefixes what is that broker's
 */
record Relayed(List<String> prefixes) {

	private static final String COMMAND = "stompCommand";

	/**
	 * Returns those of an application.
	 * @param prefixes the broker's own; empty for all
	 * @param ofUsers what the destinations of users begin with, which stand for others
	 */
	static Relayed of(Collection<String> prefixes, String ofUsers) {
		return new Relayed(
				prefixes.isEmpty() ? List.of("") : Stream.concat(prefixes.stream(), Stream.of(ofUsers)).toList());
	}

	boolean includes(MessageHeaders headers) {
		if (!(headers.get(COMMAND) instanceof StompCommand command)) {
			return false;
		}
		return switch (command) {
			case UNSUBSCRIBE, ACK, NACK, BEGIN, COMMIT, ABORT -> true;
			case SUBSCRIBE -> isOfBroker(SimpMessageHeaderAccessor.getDestination(headers));
			// Of what is sent nothing goes on that no other client may see.
			default -> false;
		};
	}

	private boolean isOfBroker(@Nullable String destination) {
		return destination != null && this.prefixes.stream().anyMatch(destination::startsWith);
	}

}
