package org.sessionlink.history;

import java.time.Duration;

import org.springframework.util.AntPathMatcher;

/**
 * How much is kept of the destinations that fit a pattern; 0 switches a bound off.
 *
 * @param pattern an Ant pattern
 * @param count how many messages of each
 * @param size how many bytes of each
 * @param age how long a message is kept
 * @param replayLast whether who subscribes gets the last message (B51)
 */
public record KeepRule(String pattern, int count, int size, Duration age, boolean replayLast) {

	private static final AntPathMatcher patterns = new AntPathMatcher();

	boolean fits(String destination) {
		return patterns.match(this.pattern, destination);
	}

}
