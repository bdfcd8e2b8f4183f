package org.sessionlink.wire;

import java.util.List;

/**
 * What a limit of an {@link Outbox} has led to.
 *
 * @param missed the messages that the client will miss
 * @param tooSlow whether it reads too slowly; then the outbox is closed
 */
record Verdict(List<Outgoing> missed, boolean tooSlow) {

	static final Verdict FINE = new Verdict(List.of(), false);

}
