package org.sessionlink.broker;

import java.util.Collection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;

/**
 * Which frames go on to a broker elsewhere with the receipt that they ask for, and so get
 * it from there (B32).
 *
 * @param prefixes what is that broker's
 * @param ofUsers what the destinations of users begin with, which stand for others
 */
record Relayed(List<String> prefixes, String ofUsers) {

	private static final String COMMAND = "stompCommand";

	/**
	 * Returns those of an application.
	 * @param prefixes the broker's own; empty for all
	 * @param ofUsers what the destinations of users begin with, which stand for others
	 */
	static Relayed of(Collection<String> prefixes, String ofUsers) {
		return new Relayed(prefixes.isEmpty() ? List.of("") : List.copyOf(prefixes), ofUsers);
	}

	boolean includes(MessageHeaders headers) {
		if (!(headers.get(COMMAND) instanceof StompCommand command)) {
			return false;
		}
		return switch (command) {
			case UNSUBSCRIBE, ACK, NACK, BEGIN, COMMIT, ABORT -> true;
			case SUBSCRIBE -> isOf(SimpMessageHeaderAccessor.getDestination(headers), this.prefixes)
					|| isOf(SimpMessageHeaderAccessor.getDestination(headers), List.of(this.ofUsers));
			// What is for users goes on without it, as it may be for several.
			case SEND -> isOf(SimpMessageHeaderAccessor.getDestination(headers), this.prefixes)
					&& !isOf(SimpMessageHeaderAccessor.getDestination(headers), List.of(this.ofUsers));
			default -> false;
		};
	}

	private static boolean isOf(@Nullable String destination, List<String> prefixes) {
		return destination != null && prefixes.stream().anyMatch(destination::startsWith);
	}

}
