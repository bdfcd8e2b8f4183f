package org.sessionlink.broker;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * The broker's side of a client's line: over which wire the client has
 * {@linkplain AtBroker what it has there}, what waits while that is made, and whether the
 * client takes the broker for away.
 *
 * <p>
 * Safe for use by any thread: each method is one {@linkplain Steps step}; what it writes
 * and tells comes after it.
 */
final class BrokerSide {

	/** An ERROR so soon after a frame of the client's is one for it. */
	private static final long ACTIVE_NANOS = Duration.ofSeconds(2).toNanos();

	private final Pauses pauses = new Pauses(Duration.ofMillis(200), Duration.ofSeconds(10));

	private final Steps steps = new Steps();

	private final HeldFrames held = new HeldFrames();

	private final AtBroker has;

	private final BooleanSupplier up;

	private final LinkClock clock;

	private final Told told;

	private @Nullable Wire wire;

	/** Whether the broker has heard of all over the wire. */
	private boolean ready;

	private boolean leaving;

	private @Nullable String lastReceipt;

	private boolean closed;

	private long lastSent;

	/**
	 * Makes it without a wire.
	 * @param up whether the broker is there
	 */
	BrokerSide(int transactionSize, BooleanSupplier up, LinkClock clock, Told.Client client) {
		this.has = new AtBroker(transactionSize);
		this.up = up;
		this.clock = clock;
		this.told = new Told(this.steps, client);
	}

	/**
	 * Takes a wire that is to be tried.
	 * @return false where there is one, or none is wanted, or the broker is away
	 */
	boolean tries(Wire next) {
		return this.steps.take(() -> {
			boolean wanted = !this.closed && (!this.leaving || !this.held.isEmpty());
			boolean taken = wanted && this.wire == null && this.up.getAsBoolean();
			this.wire = taken ? next : this.wire;
			return taken;
		});
	}

	/** Hears that the broker has said CONNECTED: it hears of all, as it was asked. */
	void connected(Wire one) {
		this.steps.take(() -> {
			if (this.wire != one || this.ready) {
				return;
			}
			this.ready = true;
			List<Message<byte[]>> subscriptions = this.has.makeAgain();
			if (!this.leaving) {
				subscriptions.forEach(this::write);
			}
			this.held.take().forEach(this::send);
			look();
			if (this.leaving) {
				write(ClientFrames.disconnect(this.lastReceipt));
			}
			if (this.closed) {
				drop();
			}
		});
	}

	/**
	 * Takes a subscription.
	 * @param notices whether it is the one by which the client hears of the broker
	 */
	void subscribe(StompHeaderAccessor frame, boolean notices) {
		this.steps.take(() -> {
			this.has.subscribe(frame);
			if (this.ready) {
				write(this.has.begin(frame));
			}
			if (notices && (this.told.isAway() || !this.up.getAsBoolean())) {
				this.told.awayAgain();
			}
		});
	}

	void unsubscribe(StompHeaderAccessor frame) {
		this.steps.take(() -> {
			if (this.has.unsubscribe(frame) && this.ready) {
				write(this.has.end(frame));
			}
			else {
				this.told.receipt(frame.getReceipt());
			}
		});
	}

	/** Takes the client's last frame, which goes behind what waits. */
	void disconnect(@Nullable String receipt) {
		this.steps.take(() -> {
			this.leaving = true;
			if (this.ready || !this.held.isEmpty()) {
				this.lastReceipt = receipt;
			}
			else {
				this.told.receipt(receipt);
			}
			if (this.ready) {
				write(ClientFrames.disconnect(receipt));
			}
		});
	}

	/** Takes any other frame of the client's. */
	void pass(Message<byte[]> message) {
		this.steps.take(() -> {
			if (this.ready) {
				send(message);
			}
			// Who has been told that the broker is away does not wait for it.
			else if (!this.up.getAsBoolean() || this.told.isAway() || !this.held.add(message)) {
				this.told.refused(Refused.BROKER_AWAY);
			}
		});
	}

	private void send(Message<byte[]> message) {
		AtBroker.Outcome outcome = this.has.take(message);
		if (outcome.frame() != null) {
			write(outcome.frame());
		}
		if (outcome.refused() != null) {
			this.told.refused(outcome.refused());
		}
	}

	private void write(Message<byte[]> message) {
		Wire to = this.wire;
		this.lastSent = this.clock.nanoTime();
		if (to != null) {
			this.steps.then(() -> to.sendAsync(message));
		}
	}

	/** Returns the wire over which the client has all that it has, or null. */
	@Nullable Wire ready() {
		return this.steps.take(() -> this.ready ? this.wire : null);
	}

	/**
	 * Returns whether a frame of the broker's is one for the client, as which it then can
	 * go out.
	 */
	boolean isForClient(Wire one, StompHeaderAccessor frame) {
		return this.steps.take(() -> {
			boolean isFor = this.wire == one && this.has.isForClient(frame);
			boolean isLast = isFor && Objects.equals(frame.getReceiptId(), this.lastReceipt);
			this.lastReceipt = isLast ? null : this.lastReceipt;
			look();
			return isFor;
		});
	}

	/** Hears that the broker has gone away. */
	void down(boolean forAll) {
		this.steps.take(() -> {
			this.told.away(true);
			if (forAll || !this.ready) {
				drop();
			}
		});
	}

	/** Hears that it is there. */
	void up() {
		this.steps.take(this::look);
	}

	// The client misses nothing from then on.
	private void look() {
		if (this.ready && this.has.isInForce() && this.up.getAsBoolean()) {
			this.told.away(false);
		}
	}

	/**
	 * Hears that a wire has ended by an ERROR.
	 * @return whether that is for the client, because of a frame of its own
	 */
	boolean isForClient(Wire one, RefusedByBroker why) {
		return this.steps.take(() -> {
			boolean own = this.wire == one && this.ready
					&& (why.receipt() != null || this.clock.nanoTime() - this.lastSent < ACTIVE_NANOS);
			if (own) {
				why.receipt(this.has.receipt(why.receipt()));
				drop();
			}
			return own;
		});
	}

	/**
	 * Hears that a wire has ended.
	 * @return how long to wait before the next is tried, or null where it was none here
	 */
	@Nullable Duration over(Wire one) {
		return this.steps.take(() -> {
			if (this.wire != one) {
				return null;
			}
			if (one.wasStable()) {
				this.pauses.reset();
			}
			this.told.away(this.told.isAway() || !one.wasConnected());
			drop();
			return this.pauses.next();
		});
	}

	/** Ends it, as the client's socket has; what waits still goes to the broker. */
	void close() {
		this.steps.take(() -> {
			this.closed = true;
			this.leaving = true;
			if (this.wire == null || this.held.isEmpty()) {
				drop();
			}
		});
	}

	private void drop() {
		Wire last = this.wire;
		this.wire = null;
		if (last != null) {
			this.steps.then(last::end);
		}
		this.has.lose().forEach(this.told::receipt);
		List<Message<byte[]>> lost = this.held.take();
		lost.forEach((frame) -> this.told.refused(Refused.BROKER_AWAY));
		if (!lost.isEmpty()) {
			this.told.receipt(this.lastReceipt);
		}
		else if (this.ready && this.lastReceipt != null && !this.closed) {
			// Nobody knows what became of the frames before it.
			this.told.left();
		}
		this.ready = false;
	}

}
