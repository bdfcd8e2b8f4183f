package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The subscriptions that acknowledge, or share a work queue, by their sockets and ids.
 * Safe for use by any thread: what a socket has is an immutable map, which a frame of the
 * socket's exchanges in one step.
 */
final class Takers {

	private final ConcurrentMap<String, Map<String, Taker>> bySocket = new ConcurrentHashMap<>();

	boolean isEmpty() {
		return this.bySocket.isEmpty();
	}

	/**
	 * Adds one, unless its socket has one by this id.
	 * @param made makes it of the allowance of its socket, which is null for the first
	 * @return whether it was added
	 */
	@Nullable Taker add(String socketId, String id, Function<@Nullable Allowance, Taker> made) {
		Map<String, Taker> before = of(socketId);
		Map<String, Taker> after = this.bySocket.compute(socketId, (key, known) -> {
			Map<String, Taker> all = new HashMap<>((known != null) ? known : Map.of());
			Allowance allowance = all.values().stream().map(Taker::allowance).findFirst().orElse(null);
			all.computeIfAbsent(id, (absent) -> made.apply(allowance));
			return Map.copyOf(all);
		});
		return before.containsKey(id) ? null : after.get(id);
	}

	/** Returns those of a socket, by the ids of their subscriptions. */
	Map<String, Taker> of(String socketId) {
		return this.bySocket.getOrDefault(socketId, Map.of());
	}

	/** Returns those among the subscriptions of a message, by their sockets. */
	List<Taker> among(Map<String, List<String>> found) {
		List<Taker> theirs = new ArrayList<>(0);
		// Mostly few acknowledge, or few have subscribed.
		if (this.bySocket.size() < found.size()) {
			this.bySocket.forEach((socketId, all) -> add(found.get(socketId), all, theirs));
		}
		else {
			found.forEach((socketId, ids) -> add(ids, of(socketId), theirs));
		}
		return theirs;
	}

	private static void add(@Nullable List<String> ids, Map<String, Taker> ofSocket, List<Taker> theirs) {
		if (ids != null && !ofSocket.isEmpty()) {
			ids.stream().filter(ofSocket::containsKey).map(ofSocket::get).forEach(theirs::add);
		}
	}

	/** Removes one, and returns it; null where there is none. */
	@Nullable Taker remove(String socketId, String id) {
		Taker removed = of(socketId).get(id);
		this.bySocket.computeIfPresent(socketId, (key, known) -> {
			Map<String, Taker> others = new HashMap<>(known);
			others.remove(id);
			return others.isEmpty() ? null : Map.copyOf(others);
		});
		return removed;
	}

	/** Removes all of a socket, and returns them. */
	Collection<Taker> removeAll(String socketId) {
		Map<String, Taker> removed = this.bySocket.remove(socketId);
		return (removed != null) ? removed.values() : Map.<String, Taker>of().values();
	}

}
