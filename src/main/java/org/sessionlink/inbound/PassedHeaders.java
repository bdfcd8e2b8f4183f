package org.sessionlink.inbound;

import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.springframework.util.PatternMatchUtils;

/**
 * Which headers of a sender's own other clients get with its message (B26).
 *
 * @param patterns their names, with {@code *} for any characters
 */
public record PassedHeaders(List<String> patterns) {

	/** No header is passed on. */
	public static final PassedHeaders NONE = new PassedHeaders(List.of());

	/** STOMP's own, whatever the frame, and those that servers alone give. */
	private static final Set<String> RESERVED = Set.of("destination", "content-type", "content-length", "receipt",
			"receipt-id", "transaction", "id", "ack", "subscription", "message-id", "message", "version",
			"accept-version", "host", "login", "passcode", "heart-beat", "session", "server", "user-name", "selector",
			"redelivered", "retry-after", "persistent", "offset", "resume", "recovered", "replay", "reconnect",
			"presence");

	public PassedHeaders {
		patterns = List.copyOf(patterns);
	}

	/**
	 * Reads a pattern as it is written in a setting.
	 * @throws IllegalArgumentException if it is none, or a name that is STOMP's
	 */
	public static String pattern(String text) {
		if (text.isEmpty() || isReserved(text) || text.chars().anyMatch((c) -> c <= ' ' || c == ':')) {
			throw new IllegalArgumentException("use names of headers that are not STOMP's own, with * for any "
					+ "characters, such as priority, x-*");
		}
		return text;
	}

	/** Returns whether a header goes to other clients. */
	boolean include(String name) {
		return !this.patterns.isEmpty() && !isReserved(name)
				&& this.patterns.stream().anyMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, name));
	}

	// Spring has headers of its own among those of a frame.
	private static boolean isReserved(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return RESERVED.contains(lower) || lower.startsWith("simp");
	}

}
