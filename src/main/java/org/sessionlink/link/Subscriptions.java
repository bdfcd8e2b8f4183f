package org.sessionlink.link;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What one socket is subscribed to, by the ids that its client gave.
 *
 * <p>
 * Safe for use by any thread; each change is one atomic step on the map. The socket's own
 * frames add and remove, one after the other; a server that revokes one shuts its gate
 * and removes it in the same step.
 */
public final class Subscriptions {

	private final ConcurrentMap<String, Subscription> byId = new ConcurrentHashMap<>();

	private final LinkClock clock;

	private volatile boolean anyRevoked;

	Subscriptions(LinkClock clock) {
		this.clock = clock;
	}

	/**
	 * Remembers a subscription.
	 * @param most the most that there may be; 0 for any number
	 * @return whether there was room, or it was there before
	 */
	public boolean add(String id, String destination, int most) {
		if (most > 0 && this.byId.size() >= most && !this.byId.containsKey(id)) {
			return false;
		}
		this.byId.putIfAbsent(id, new Subscription(id, destination, this.clock.nanoTime()));
		return true;
	}

	/**
	 * Forgets a subscription, and returns its destination, or null where it is unknown.
	 */
	public @Nullable String remove(String id) {
		Subscription removed = this.byId.remove(id);
		return (removed != null) ? removed.destination() : null;
	}

	/**
	 * Takes a subscription away: from this instant nothing more reaches it.
	 * @return the subscription, or null where it is unknown
	 */
	public @Nullable Subscription revoke(String id) {
		Subscription[] revoked = new Subscription[1];
		this.byId.computeIfPresent(id, (key, subscription) -> {
			this.anyRevoked = true;
			subscription.shut();
			revoked[0] = subscription;
			return null;
		});
		return revoked[0];
	}

	/** Returns whether one was ever revoked. */
	public boolean isAnyRevoked() {
		return this.anyRevoked;
	}

	/** Returns the subscription with this id, or null where it is unknown. */
	public @Nullable Subscription get(String id) {
		return this.byId.get(id);
	}

	/** Returns the destination of a subscription, or null where it is unknown. */
	public @Nullable String destination(String id) {
		Subscription subscription = this.byId.get(id);
		return (subscription != null) ? subscription.destination() : null;
	}

	/** Returns how many there are. */
	public int size() {
		return this.byId.size();
	}

	/** Returns how many there are to a destination. */
	public int to(String destination) {
		return (int) this.byId.values().stream().filter((one) -> one.destination().equals(destination)).count();
	}

	/** Returns all of them, as they are now. */
	public Collection<Subscription> open() {
		return List.copyOf(this.byId.values());
	}

	/** Returns the destinations by their ids, as they are now. */
	public Map<String, String> all() {
		return this.byId.values().stream().collect(Collectors.toMap(Subscription::id, Subscription::destination));
	}

}
