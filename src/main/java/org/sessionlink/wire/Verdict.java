package org.sessionlink.wire;

/**
 * What a limit of an {@link Outbox} has led to.
 *
 * @param missed how many messages the client will miss
 * @param tooSlow whether it reads too slowly; then the outbox is closed
 */
record Verdict(int missed, boolean tooSlow) {

	static final Verdict FINE = new Verdict(0, false);

}
