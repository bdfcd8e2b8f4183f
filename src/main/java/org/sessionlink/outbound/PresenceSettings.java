package org.sessionlink.outbound;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.util.AntPathMatcher;
import org.springframework.util.PathMatcher;

/**
 * What a deployer decides about who is here (B37).
 *
 * @param destinations the destinations, as Ant patterns, that have it; empty for none
 * @param grace how long who has lost the last socket may take to come back; 0 for no time
 * @param most of how many at one destination others are told; 0 for all
 */
public record PresenceSettings(List<String> destinations, Duration grace, int most) {

	private static final PathMatcher patterns = new AntPathMatcher();

	public PresenceSettings {
		destinations = List.copyOf(destinations);
	}

	/** Returns whether any destination has it. */
	public boolean isOn() {
		return !this.destinations.isEmpty();
	}

	/** Returns which destinations have it, or null for none. */
	@Nullable Predicate<String> which() {
		return isOn() ? this::isOneOfThem : null;
	}

	private boolean isOneOfThem(String destination) {
		return this.destinations.stream().anyMatch((pattern) -> patterns.match(pattern, destination));
	}

}
