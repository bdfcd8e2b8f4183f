package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;

/**
 * One subscription whose client acknowledges what it gets, and what it has not
 * acknowledged yet, in the order in which it went out; or one of a work queue whose
 * client need not (STOMP 1.2, "SUBSCRIBE ack header").
 *
 * <p>
 * What changes is changed in a step of its {@link Line}; the allowance is shared with the
 * other subscriptions of the socket.
 */
final class Taker {

	private final long number;

	private final String socketId;

	private final Subscription subscription;

	private final SocketLink socket;

	private final AckMode mode;

	private final Lines.Name line;

	private final Allowance allowance;

	private final @Nullable String user;

	private final Map<Long, Delivery> open = new LinkedHashMap<>(0);

	private long last;

	private boolean told;

	/** Who has to acknowledge what. */
	enum AckMode {

		/** Nothing is acknowledged. */
		AUTO("auto"),

		/** An ACK stands for all that came before. */
		CLIENT("client"),

		/** An ACK stands for one message. */
		CLIENT_INDIVIDUAL("client-individual");

		private final String header;

		AckMode(String header) {
			this.header = header;
		}

		/** Returns what this header says; without one nothing is acknowledged. */
		static AckMode of(@Nullable String header) {
			for (AckMode mode : values()) {
				if (mode.header.equals(header)) {
					return mode;
				}
			}
			return AUTO;
		}

	}

	/**
	 * Makes one that has got nothing yet.
	 * @param number tells it from all others
	 * @param line where what it does not acknowledge comes back to
	 * @param allowance what its socket may leave unacknowledged
	 */
	Taker(long number, String socketId, Subscription subscription, SocketLink socket, AckMode mode, Lines.Name line,
			Allowance allowance) {
		this.number = number;
		this.socketId = socketId;
		this.subscription = subscription;
		this.socket = socket;
		this.mode = mode;
		this.line = line;
		this.allowance = allowance;
		this.user = userNow();
	}

	long number() {
		return this.number;
	}

	String socketId() {
		return this.socketId;
	}

	Subscription subscription() {
		return this.subscription;
	}

	Lines.Name line() {
		return this.line;
	}

	Allowance allowance() {
		return this.allowance;
	}

	SocketLink socket() {
		return this.socket;
	}

	boolean acknowledges() {
		return this.mode != AckMode.AUTO;
	}

	String version() {
		return this.socket.stompVersion();
	}

	/**
	 * Returns the name of whoever is at the other end, or null for an anonymous visitor.
	 */
	@Nullable String userNow() {
		return this.socket.identity().name();
	}

	/** Returns the name of whoever has subscribed, or null for an anonymous visitor. */
	@Nullable String user() {
		return this.user;
	}

	/** Returns whether it is still who has subscribed. */
	boolean isSame() {
		return Objects.equals(this.user, userNow());
	}

	boolean hasRoom(Delivery delivery) {
		return this.subscription.getAsBoolean()
				&& (!acknowledges() || this.allowance.hasRoom(delivery.parcel().bytes()));
	}

	/** Returns how much it has not acknowledged. */
	int unacknowledged() {
		return this.open.size();
	}

	/**
	 * Takes a message on.
	 * @return the id that its client acknowledges it by; empty where it need not; null
	 * where there is no room
	 */
	@Nullable String take(Delivery delivery) {
		if (!acknowledges()) {
			return "";
		}
		if (!this.allowance.take(delivery.parcel().bytes())) {
			return null;
		}
		this.last++;
		this.open.put(this.last, delivery.to(userNow()));
		return this.number + "-" + this.last;
	}

	/** Returns true the first time that it misses something, until it acknowledges. */
	boolean misses() {
		boolean first = !this.told;
		this.told = true;
		return first;
	}

	/** Returns whether it has a message, under whatever id. */
	boolean has(Parcel parcel) {
		return this.open.values().stream().anyMatch((one) -> one.parcel().number().isSame(parcel.number()));
	}

	boolean isOpen(long id) {
		return this.open.containsKey(id);
	}

	/** Returns what an ACK or NACK stands for, which it has no more. */
	List<Delivery> answered(long id) {
		this.told = false;
		if (!this.open.containsKey(id)) {
			return List.of();
		}
		List<Delivery> answered = new ArrayList<>(1);
		Iterator<Map.Entry<Long, Delivery>> each = this.open.entrySet().iterator();
		while (each.hasNext()) {
			Map.Entry<Long, Delivery> one = each.next();
			if (one.getKey() == id || (this.mode == AckMode.CLIENT && one.getKey() < id)) {
				answered.add(one.getValue());
				this.allowance.give(one.getValue().parcel().bytes());
				each.remove();
			}
		}
		return answered;
	}

	/** Returns all that it has not acknowledged, which it has no more. */
	List<Delivery> leave() {
		List<Delivery> all = List.copyOf(this.open.values());
		all.forEach((one) -> this.allowance.give(one.parcel().bytes()));
		this.open.clear();
		return all;
	}

}
