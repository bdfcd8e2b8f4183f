package org.sessionlink.link;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Where one socket makes whoever is behind it present (B37).
 *
 * <p>
 * Safe for use by any thread. Whoever has changed something, a subscription, the user,
 * the end, has it look at all of that anew, in one step under its lock, so that the last
 * word wins in whatever order they come.
 */
public final class SocketPresence {

	// With whether it is one that asks who else is there.
	private final Map<Subscription, Boolean> subscribed = new LinkedHashMap<>();

	private final Map<String, Attendee> present = new HashMap<>();

	private final Set<Subscription> watching = new HashSet<>();

	private final Presence presence;

	private final String socketId;

	private final SocketLink socketLink;

	private final BooleanSupplier closing;

	private boolean over;

	SocketPresence(Presence presence, String socketId, SocketLink socketLink, BooleanSupplier closing) {
		this.presence = presence;
		this.socketId = socketId;
		this.socketLink = socketLink;
		this.closing = closing;
	}

	/**
	 * Takes note of a subscription that has taken effect.
	 * @param watches whether its client asks who is there
	 */
	public synchronized void subscribed(String id, boolean watches) {
		Subscription subscription = this.socketLink.subscriptions().get(id);
		if (subscription != null && this.presence.has(subscription.destination())) {
			this.subscribed.merge(subscription, watches, Boolean::logicalOr);
			settle();
		}
	}

	/** Takes note of a subscription that the client has ended. */
	public synchronized void unsubscribed(String id) {
		if (this.subscribed.keySet().removeIf((subscription) -> subscription.id().equals(id))) {
			settle();
		}
	}

	/** Takes note that the socket is closed. */
	public synchronized void over() {
		this.over = true;
		settle();
	}

	/** Looks where it is and as whom; may come at any time, any number of times. */
	public synchronized void settle() {
		boolean lost = this.over || this.closing.getAsBoolean() || this.socketLink.link().endCause() != null;
		if (lost) {
			this.subscribed.clear();
		}
		this.subscribed.keySet().removeIf((subscription) -> !subscription.getAsBoolean());
		unwatchOthers();
		bePresent(Stay.nameOf(this.socketLink.identity()), lost);
		this.subscribed.forEach((subscription, watches) -> {
			if (watches && this.watching.add(subscription)) {
				this.presence.watch(subscription, this.socketId);
			}
		});
	}

	private void unwatchOthers() {
		this.watching.removeIf((subscription) -> {
			boolean ended = !this.subscribed.containsKey(subscription);
			if (ended) {
				this.presence.unwatch(subscription);
			}
			return ended;
		});
	}

	private void bePresent(@Nullable String user, boolean lost) {
		Set<String> wanted = this.subscribed.keySet()
			.stream()
			.map(Subscription::destination)
			.collect(Collectors.toSet());
		this.present.entrySet().removeIf((place) -> {
			boolean stays = wanted.contains(place.getKey()) && Objects.equals(place.getValue().user(), user);
			if (!stays) {
				this.presence.leave(place.getKey(), place.getValue(), this.socketId, lost);
			}
			return !stays;
		});
		for (String destination : wanted) {
			if (!this.present.containsKey(destination)) {
				this.present.put(destination,
						this.presence.enter(this.socketLink.link(), destination, user, this.socketId));
			}
		}
	}

}
