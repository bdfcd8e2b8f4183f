package org.sessionlink.link;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;

/**
 * What one socket is subscribed to: destinations by the ids that its client gave them.
 *
 * <p>
 * Safe for use by any thread. The socket's own frames add and remove, one after the
 * other; a server that revokes one removes.
 */
public final class Subscriptions {

	private final ConcurrentMap<String, String> destinations = new ConcurrentHashMap<>();

	/**
	 * Remembers a subscription.
	 * @param most the most that there may be; 0 for any number
	 * @return whether there was room, or it was there before
	 */
	public boolean add(String id, String destination, int most) {
		if (most > 0 && this.destinations.size() >= most && !this.destinations.containsKey(id)) {
			return false;
		}
		this.destinations.put(id, destination);
		return true;
	}

	/**
	 * Forgets a subscription, and returns its destination, or null where it is unknown.
	 */
	public @Nullable String remove(String id) {
		return this.destinations.remove(id);
	}

	/** Returns the destination of a subscription, or null where it is unknown. */
	public @Nullable String destination(String id) {
		return this.destinations.get(id);
	}

	/** Returns the destinations by their ids, as they are now. */
	public Map<String, String> all() {
		return Map.copyOf(this.destinations);
	}

}
