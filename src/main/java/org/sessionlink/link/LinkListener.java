package org.sessionlink.link;

import java.time.Duration;

/**
 * Hears what happens to links: each event once, one after the other, on a thread that is
 * nobody else's meanwhile. If it waits or throws, nobody else does; what waits for it is
 * bounded, and the log says when it misses something.
 */
public interface LinkListener {

	/** The link ends after this time unless it is used (B15). */
	default void expiring(Link link, Duration remaining) {
	}

	/** The link was used after all, or somebody asked for more time. */
	default void extended(Link link, Duration remaining) {
	}

	/** Somebody else, or the same with other roles, is behind the link (B12). */
	default void identityChanged(Link link, Identity identity) {
	}

	/** The link has ended; its sockets are being closed. */
	default void ended(Link link, EndCause cause) {
	}

}
