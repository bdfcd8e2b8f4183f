package org.sessionlink.broker;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;

/** What a broker elsewhere means for the health of this server. */
public final class RelayHealth {

	private final Supplier<Stream<StompBrokerRelayMessageHandler>> relays;

	RelayHealth(Supplier<Stream<StompBrokerRelayMessageHandler>> relays) {
		this.relays = relays;
	}

	/** Returns what is wrong from the first second, or null for nothing. */
	public @Nullable String concern() {
		return linked().anyMatch((relay) -> relay.awayFor() != null) ? "broker" : null;
	}

	/** Returns whether the broker is there, or has not been away for long. */
	public boolean ready() {
		return linked().allMatch((relay) -> isWithinGrace(relay.awayFor(), relay.grace()));
	}

	/** Returns whether there is a broker elsewhere at all. */
	public boolean isNeeded() {
		return linked().findAny().isPresent();
	}

	/** Returns how often it has gone away. */
	public long outages() {
		return linked().mapToLong(LinkedRelay::outages).sum();
	}

	/** Returns how many bytes wait for it, and on their way from it. */
	public long waiting() {
		return linked().mapToLong(LinkedRelay::waiting).sum();
	}

	/** Returns how many clients have a line to it. */
	public long clients() {
		return linked().mapToLong(LinkedRelay::clients).sum();
	}

	private static boolean isWithinGrace(@Nullable Duration away, Duration grace) {
		return away == null || away.compareTo(grace) < 0;
	}

	private Stream<LinkedRelay> linked() {
		return this.relays.get().filter(LinkedRelay.class::isInstance).map(LinkedRelay.class::cast);
	}

}
