package org.sessionlink.inbound;

import java.util.HashSet;
import java.util.Set;

/**
 * What was refused that a setting would let through: the first hundred are worth a line
 * of the log each, whoever asks. There are no more, as strangers choose them.
 *
 * <p>
 * Any thread asks and adds, in one step under the monitor.
 */
final class RefusedDestinations {

	private static final int MOST = 100;

	private final Set<String> known = new HashSet<>();

	/** Returns whether no more are remembered. */
	synchronized boolean areTooMany() {
		return this.known.size() >= MOST;
	}

	/** Returns whether this is the first time that it is refused. */
	synchronized boolean isNews(String destination) {
		return this.known.size() < MOST && this.known.add(destination);
	}

}
