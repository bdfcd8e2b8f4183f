package org.sessionlink.link;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is at one destination by what other servers have told, of each by itself.
 *
 * <p>
 * Not safe for use by several threads: its {@link Gathering} sees to that.
 */
final class Reports {

	// By the ids of attendees, and then by servers: hardly ever more than one.
	private final Map<String, Map<String, Present>> byId = new LinkedHashMap<>();

	private final Map<String, Integer> more = new HashMap<>();

	void put(String server, Present present) {
		this.byId.merge(present.id(), Map.of(server, present), Reports::with);
	}

	private static Map<String, Present> with(Map<String, Present> known, Map<String, Present> newer) {
		Map<String, Present> both = new LinkedHashMap<>(known);
		both.putAll(newer);
		return (both.size() > 1) ? both : newer;
	}

	void remove(String server, String id) {
		this.byId.computeIfPresent(id, (key, known) -> {
			Map<String, Present> others = new LinkedHashMap<>(known);
			others.remove(server);
			return others.isEmpty() ? null : others;
		});
	}

	/** Takes note of how many are there by a server that are not told by name. */
	void more(String server, int count) {
		if (count > 0) {
			this.more.put(server, count);
		}
		else {
			this.more.remove(server);
		}
	}

	/** Returns how many are there that are not told by name. */
	int more() {
		return this.more.values().stream().mapToInt(Integer::intValue).sum();
	}

	boolean has(String id) {
		return this.byId.containsKey(id);
	}

	/** Returns what all servers have told of one. */
	Collection<Present> of(String id) {
		return this.byId.getOrDefault(id, Map.of()).values();
	}

	boolean isBy(String server) {
		return this.more.containsKey(server)
				|| this.byId.values().stream().anyMatch((known) -> known.containsKey(server));
	}

	/** Returns all that a server has told. */
	Gathered by(String server, String destination) {
		List<Present> told = this.byId.values()
			.stream()
			.filter((known) -> known.containsKey(server))
			.map((known) -> known.get(server))
			.toList();
		return new Gathered(destination, told, this.more.getOrDefault(server, 0));
	}

	boolean isEmpty() {
		return this.byId.isEmpty() && this.more.isEmpty();
	}

}
