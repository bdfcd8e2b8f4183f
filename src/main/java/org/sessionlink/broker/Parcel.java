package org.sessionlink.broker;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.Keepable;
import org.sessionlink.link.Subscription;

/** A message that may be delivered several times; safe for use by any thread. */
interface Parcel extends Keepable {

	/** Returns when it began to be published, in nanoseconds of the clock. */
	long begun();

	/** Returns what number it has, and for whom. */
	Numbers.Number number();

	/**
	 * Hands it over to be written to a subscriber; never waits for the peer.
	 * @param ack the id that its client acknowledges it by; null for one that need not
	 * @param redelivered how often it was delivered before
	 */
	default void to(Taker taker, @Nullable String ack, int redelivered) {
		Map<String, String> headers = new LinkedHashMap<>(Acknowledgement.of(ack, redelivered, taker.version()));
		headers.putAll(number().headers(taker.socketId(), taker.subscription().id()));
		to(taker.socketId(), taker.subscription(), headers);
	}

	/**
	 * Hands it over to be written under a subscription, with further headers; never waits
	 * for the peer.
	 */
	void to(String socketId, Subscription subscription, Map<String, String> headers);

}
