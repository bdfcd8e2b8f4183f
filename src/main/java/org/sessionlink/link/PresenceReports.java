package org.sessionlink.link;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What other servers have told of who is there by them (B37): whoever is at a destination
 * by any server is there, and has left once none has them.
 *
 * <p>
 * Each call is, for each destination, one step of its {@link Gathering}. What one server
 * has told is one caller's business: two that tell of the same one at once would mix.
 */
public final class PresenceReports {

	private final ConcurrentMap<String, Gathering> byDestination;

	private final BiConsumer<String, Consumer<Gathering>> change;

	/**
	 * Makes it.
	 * @param change does a step at a destination, and tells those who watch
	 */
	PresenceReports(ConcurrentMap<String, Gathering> byDestination, BiConsumer<String, Consumer<Gathering>> change) {
		this.byDestination = byDestination;
		this.change = change;
	}

	/**
	 * Takes over what has changed at a destination by a server.
	 * @param changed who has come, or is there with other sockets, and how many more
	 * @param gone the ids of those who have gone
	 */
	public void told(String server, Gathered changed, Collection<String> gone) {
		this.change.accept(changed.destination(), (gathering) -> gathering.told(server, changed, gone));
	}

	/**
	 * Takes over all who are anywhere by a server, in place of what it has told before.
	 */
	public void toldAll(String server, Collection<Gathered> all) {
		Map<String, Gathered> now = new HashMap<>();
		all.forEach((gathered) -> now.put(gathered.destination(), gathered));
		Set<String> destinations = new LinkedHashSet<>(now.keySet());
		this.byDestination.forEach((destination, gathering) -> {
			if (gathering.isToldBy(server)) {
				destinations.add(destination);
			}
		});
		destinations.forEach((destination) -> this.change.accept(destination, (gathering) -> gathering.toldAll(server,
				now.getOrDefault(destination, new Gathered(destination, List.of(), 0)))));
	}

	/** Returns all that a server has told and that still counts. */
	public List<Gathered> by(String server) {
		return this.byDestination.values()
			.stream()
			.filter((gathering) -> gathering.isToldBy(server))
			.map((gathering) -> gathering.by(server))
			.toList();
	}

}
