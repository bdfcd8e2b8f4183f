package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.KeptDestination;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Which subscriptions have asked for the numbers of their messages, and of which
 * destination: who has not gets none (B31).
 *
 * <p>
 * Safe for use by any thread: each change is one atomic step on the map, on immutable
 * values.
 */
final class Numbers {

	private static final MultiValueMap<String, String> NOBODY = new LinkedMultiValueMap<>(0);

	private final ConcurrentMap<String, Map<String, KeptDestination>> bySocket = new ConcurrentHashMap<>();

	private final Number none = new Number(null, 0);

	/** The number of a message, for those who have asked. */
	final class Number {

		private static final String HEADER = "org.sessionlink.broker.Numbers.Number";

		private final @Nullable KeptDestination destination;

		private final long offset;

		private Number(@Nullable KeptDestination destination, long offset) {
			this.destination = destination;
			this.offset = offset;
		}

		static @Nullable Number in(MessageHeaders headers) {
			return (headers.get(HEADER) instanceof Number number) ? number : null;
		}

		Message<?> in(Message<?> message) {
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(message);
			headers.setHeader(HEADER, this);
			headers.setLeaveMutable(true);
			return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
		}

		/** Returns whether it has none. */
		boolean isNone() {
			return this.destination == null;
		}

		/** Returns of what it is one, or null. */
		@Nullable KeptDestination destination() {
			return this.destination;
		}

		/** Returns whether it is the number of the same message. */
		boolean isSame(Number other) {
			return !isNone() && this.destination == other.destination && this.offset == other.offset;
		}

		Map<String, String> header() {
			return Map.of("offset", Long.toString(this.offset));
		}

		/** Returns the header for a subscription. */
		Map<String, String> headers(String socketId, String subscription) {
			return isFor(socketId, subscription) ? header() : Map.of();
		}

		private boolean isFor(String socketId, String subscription) {
			return this.destination != null && Numbers.this.of(socketId).get(subscription) == this.destination;
		}

		/** Parts some subscriptions into those who get the number, and the others. */
		Parted part(MultiValueMap<String, String> subscriptions) {
			if (isNone() || Numbers.this.isEmpty()) {
				return new Parted(NOBODY, subscriptions);
			}
			Parted parted = new Parted(new LinkedMultiValueMap<>(), new LinkedMultiValueMap<>());
			subscriptions.forEach((socketId, ids) -> ids
				.forEach((id) -> (isFor(socketId, id) ? parted.numbered() : parted.others()).add(socketId, id)));
			return parted;
		}

	}

	/** Subscriptions that get the number of a message, and others that do not. */
	record Parted(MultiValueMap<String, String> numbered, MultiValueMap<String, String> others) {
	}

	/** Returns the number of a message. */
	Number of(KeptDestination destination, long offset) {
		return new Number(destination, offset);
	}

	/** Returns that of a message which has none. */
	Number none() {
		return this.none;
	}

	private Map<String, KeptDestination> of(String socketId) {
		return this.bySocket.getOrDefault(socketId, Map.of());
	}

	/** Returns the sockets that have asked for the numbers of a destination. */
	Set<String> sockets(KeptDestination destination) {
		Set<String> sockets = new HashSet<>();
		this.bySocket.forEach((socketId, known) -> {
			if (known.containsValue(destination)) {
				sockets.add(socketId);
			}
		});
		return sockets;
	}

	/** Remembers who asks; returns of what the same one has asked before, or null. */
	@Nullable KeptDestination add(String socketId, String subscription, KeptDestination destination) {
		List<KeptDestination> before = new ArrayList<>(1);
		this.bySocket.compute(socketId, (id, known) -> {
			Map<String, KeptDestination> all = new HashMap<>((known != null) ? known : Map.of());
			KeptDestination other = all.put(subscription, destination);
			if (other != null) {
				before.add(other);
			}
			return Map.copyOf(all);
		});
		return before.isEmpty() ? null : before.get(0);
	}

	/** Forgets who asks; returns of what, or null. */
	@Nullable KeptDestination remove(String socketId, String subscription) {
		List<KeptDestination> removed = new ArrayList<>(1);
		this.bySocket.computeIfPresent(socketId, (id, known) -> {
			Map<String, KeptDestination> all = new HashMap<>(known);
			KeptDestination one = all.remove(subscription);
			if (one != null) {
				removed.add(one);
			}
			return all.isEmpty() ? null : Map.copyOf(all);
		});
		return removed.isEmpty() ? null : removed.get(0);
	}

	/** Forgets a socket; returns of what it has asked. */
	List<KeptDestination> removeAll(String socketId) {
		Map<String, KeptDestination> known = this.bySocket.remove(socketId);
		return (known != null) ? List.copyOf(known.values()) : List.of();
	}

	boolean isEmpty() {
		return this.bySocket.isEmpty();
	}

}
