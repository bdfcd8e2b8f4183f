package org.sessionlink.link;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What one socket is subscribed to, by the ids that its client gave.
 *
 * <p>
 * Safe for use by any thread; each change is one atomic step on the map or on a gate. The
 * socket's own frames add and remove, one after the other. A server that revokes one
 * shuts its gate; it keeps its id until whoever has to know has been told, so that the
 * client cannot give that to another one meanwhile, and is then forgotten.
 */
public final class Subscriptions {

	private final ConcurrentMap<String, Subscription> byId = new ConcurrentHashMap<>();

	private final AtomicInteger revocations = new AtomicInteger();

	private final LinkClock clock;

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
		this.byId.putIfAbsent(id, new Subscription(id, destination, this.clock.nanoTime(), this.revocations::get));
		return true;
	}

	/**
	 * Forgets a subscription that the client has ended, and returns its destination, or
	 * null where it is unknown.
	 */
	public @Nullable String remove(String id) {
		// First this: whoever reviews what is there counts afterwards.
		int count = this.revocations.get();
		Subscription ended = this.byId.get(id);
		if (ended == null) {
			return null;
		}
		// Then this: whoever does not find it any more shuts its gate by counting.
		ended.endedAfter(count);
		return this.byId.remove(id, ended) ? ended.destination() : null;
	}

	/**
	 * Takes a subscription away: from this instant nothing more reaches it.
	 * @return the subscription, or null where it is unknown
	 */
	public @Nullable Subscription revoke(String id) {
		Subscription subscription = this.byId.get(id);
		this.revocations.incrementAndGet();
		return (subscription != null && subscription.shut()) ? subscription : null;
	}

	/**
	 * Takes this subscription away: from this instant nothing more reaches it.
	 * @return false if that was done before
	 */
	public boolean revoke(Subscription subscription) {
		this.revocations.incrementAndGet();
		return subscription.shut();
	}

	/**
	 * Forgets a subscription that was revoked.
	 * @return false if the client has ended it before
	 */
	public boolean forget(Subscription revoked) {
		return this.byId.remove(revoked.id(), revoked);
	}

	/**
	 * Returns all that are open, for somebody who may revoke them; nothing more goes out
	 * of those that the client has ended.
	 */
	public List<Subscription> review() {
		List<Subscription> now = open();
		this.revocations.incrementAndGet();
		return now;
	}

	/** Returns whether one was ever revoked, or might have been. */
	public boolean isAnyRevoked() {
		return this.revocations.get() > 0;
	}

	/**
	 * Returns whether an id is that of another subscription: one to another destination,
	 * or one that was revoked and is not forgotten yet.
	 */
	public boolean isTaken(String id, String destination) {
		Subscription known = this.byId.get(id);
		return known != null && (known.isRevoked() || !known.destination().equals(destination));
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

	/** Returns how many there are to a destination. */
	public int to(String destination) {
		return openTo(destination).size();
	}

	/** Returns those to a destination that are open, as they are now. */
	public List<Subscription> openTo(String destination) {
		return open().stream().filter((one) -> one.destination().equals(destination)).toList();
	}

	/** Returns all that are open, as they are now. */
	public List<Subscription> open() {
		return this.byId.values().stream().filter((one) -> !one.isRevoked()).toList();
	}

	/** Returns the destinations of all that are open by their ids, as they are now. */
	public Map<String, String> all() {
		return open().stream().collect(Collectors.toMap(Subscription::id, Subscription::destination));
	}

}
