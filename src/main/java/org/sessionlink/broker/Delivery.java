package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;

/**
 * A message for somebody who has to acknowledge it.
 *
 * @param redelivered how often it was delivered before
 * @param user the name of whom it was delivered to; null for nobody in particular
 * @param since since when it waits, in nanoseconds of the clock
 */
record Delivery(Parcel parcel, int redelivered, @Nullable String user, long since) {

	/** Returns the same once it has been delivered in vain. */
	Delivery again(long now) {
		return new Delivery(this.parcel, this.redelivered + 1, this.user, now);
	}

	Delivery to(@Nullable String name) {
		return new Delivery(this.parcel, this.redelivered, name, this.since);
	}

}
