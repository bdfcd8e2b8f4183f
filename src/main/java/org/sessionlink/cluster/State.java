package org.sessionlink.cluster;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;

/**
 * How a link is, as the store has it.
 *
 * @param end why it has ended, or null
 * @param idle how long ago it was used, or null where the store knows nothing of it
 * @param timeout of its session; zero for none
 * @param version counts what other nodes have to know
 */
record State(@Nullable EndCause end, @Nullable Duration idle, Duration timeout, long version) {

	private static final State LOST = new State(null, null, Duration.ZERO, 0);

	/** Reads what the scripts return. */
	static State of(Object answer) {
		List<?> parts = (List<?>) answer;
		return switch (Redis.text(parts.get(0))) {
			case "open" -> new State(null, millis(parts.get(1)), millis(parts.get(2)), (Long) parts.get(3));
			case "ended" -> new State(cause(Redis.text(parts.get(1))), null, Duration.ZERO, 0);
			default -> LOST;
		};
	}

	private static Duration millis(Object number) {
		return Duration.ofMillis((Long) number);
	}

	/**
	 * Returns the cause of this word; a later version of this program may write one that
	 * is not known here.
	 */
	static EndCause cause(String reason) {
		for (EndCause cause : EndCause.values()) {
			if (cause.reason().equals(reason)) {
				return cause;
			}
		}
		return EndCause.ENDED;
	}

	boolean isOpen() {
		return this.idle != null;
	}

}
