package org.sessionlink;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import org.sessionlink.history.KeepRule;

import org.springframework.util.StringUtils;

/**
 * What a setting says of the destinations that fit a pattern: the pattern, and behind it
 * words with their values, such as {@code /topic/chat/** count=1000 age=2m}. The same
 * grammar for all settings that say something for each destination.
 *
 * @param pattern an Ant pattern
 * @param values what is said, by its word
 */
record PerDestination(String pattern, Map<String, String> values) {

	/** How many messages, how many bytes, how long, and what who subscribes gets. */
	private static final Set<String> KEEP = Set.of("count", "size", "age", "replay");

	PerDestination {
		values = Map.copyOf(values);
	}

	/**
	 * Reads one.
	 * @throws IllegalArgumentException if it is none, or has other words than these
	 */
	static PerDestination of(String text, Set<String> words) {
		String[] parts = StringUtils.tokenizeToStringArray(text, " \t\r\n");
		String pattern = SettingValues.destination((parts.length > 0) ? parts[0] : "");
		Map<String, String> values = new HashMap<>();
		for (int i = 1; i < parts.length; i++) {
			int equals = parts[i].indexOf('=');
			String word = (equals < 0) ? parts[i] : parts[i].substring(0, equals);
			if (equals < 0 || !words.contains(word) || values.put(word, parts[i].substring(equals + 1)) != null) {
				throw new IllegalArgumentException("behind a pattern use each of "
						+ String.join(", ", new TreeSet<>(words)) + " once, such as /topic/chat/** count=1000");
			}
		}
		return new PerDestination(pattern, values);
	}

	/** Reads how much is kept of a destination (B31). */
	static KeepRule keep(String text) {
		PerDestination one = of(text, KEEP);
		return new KeepRule(one.pattern(), one.value("count", "1000", SettingValues::limit),
				one.value("size", "1MB", SettingValues::size), one.value("age", "2m", SettingValues::timeLimit),
				one.value("replay", "none", SettingValues.either("none", "last")));
	}

	private <T> T value(String word, String absent, Function<String, T> read) {
		try {
			return read.apply(this.values.getOrDefault(word, absent));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("for " + word + " " + ex.getMessage(), ex);
		}
	}

}
