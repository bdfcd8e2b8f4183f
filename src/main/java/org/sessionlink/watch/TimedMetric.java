package org.sessionlink.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.sessionlink.link.Timed;

/**
 * A metric that says how long something takes.
 *
 * @param what what its time is taken of
 * @param tags what tells it from others of this name
 * @param steps the durations that it says the share of which was below
 */
record TimedMetric(Timed what, String name, String description, Map<String, String> tags, List<Duration> steps) {

	/**
	 * Returns those that there are.
	 * @param shared whether several servers share a store
	 */
	static List<TimedMetric> all(boolean shared) {
		List<TimedMetric> all = new ArrayList<>();
		all.add(handshake(Timed.HANDSHAKE_OPENED, "opened"));
		all.add(handshake(Timed.HANDSHAKE_REFUSED, "refused"));
		all.add(handshake(Timed.HANDSHAKE_FAILED, "failed"));
		all.add(new TimedMetric(Timed.HANDLE, "sessionlink.handle", "What threads do for one frame of a client",
				Map.of(), steps(1)));
		all.add(new TimedMetric(Timed.CLOSE, "sessionlink.close",
				"From the end of a link to the close of its last socket", Map.of(), steps(100)));
		all.add(new TimedMetric(Timed.EXPIRY_LATENESS, "sessionlink.expiry.lateness",
				"How late a link ends of which the time is over", Map.of(), steps(100)));
		if (shared) {
			all.add(new TimedMetric(Timed.STORE_COMMAND, "sessionlink.store.command",
					"A command of the store of sessions", Map.of(), steps(1)));
		}
		return List.copyOf(all);
	}

	private static TimedMetric handshake(Timed what, String outcome) {
		return new TimedMetric(what, "sessionlink.handshake", "Handshakes, by what has become of them",
				Map.of("outcome", outcome), steps(10));
	}

	private static List<Duration> steps(int firstMillis) {
		return List.of(Duration.ofMillis(firstMillis), Duration.ofMillis(10L * firstMillis),
				Duration.ofMillis(100L * firstMillis), Duration.ofMillis(1_000L * firstMillis));
	}

}
