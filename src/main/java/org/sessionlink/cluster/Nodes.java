package org.sessionlink.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which nodes there are, as the last pulse has shown: each that has pulsed within 15 s.
 *
 * <p>
 * Safe for use by any thread: who pulses writes it by one volatile write.
 */
final class Nodes {

	private static final Logger logger = LoggerFactory.getLogger(Nodes.class);

	private static final int SHOWN = 4;

	private final String id;

	private final String name;

	private volatile Map<String, String> others = Map.of();

	/**
	 * Makes it.
	 * @param id random digits
	 * @param place the host and the context path: there may be others with the same
	 */
	Nodes(String id, String place) {
		this.id = id;
		this.name = place + "~" + id.substring(0, SHOWN);
	}

	String id() {
		return this.id;
	}

	String name() {
		return this.name;
	}

	/** Takes over what a pulse has answered. */
	void heard(List<?> parts) {
		((List<?>) parts.get(0)).forEach(
				(dead) -> logger.warn("The node {} has been silent for 15 s, and counts as gone", Redis.text(dead)));
		Map<String, String> now = new LinkedHashMap<>();
		parts.stream().skip(1).map((part) -> (List<?>) part).forEach((node) -> {
			if (!Redis.text(node.get(0)).equals(this.id)) {
				now.put(Redis.text(node.get(0)), Redis.text(node.get(1)));
			}
		});
		this.others = now;
	}

	/** Returns the names of the other nodes, by their ids. */
	Map<String, String> others() {
		return this.others;
	}

}
