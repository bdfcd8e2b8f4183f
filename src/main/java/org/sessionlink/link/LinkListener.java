package org.sessionlink.link;

import java.time.Duration;

/** Hears what happens to links, on a thread of the links' own; each event once. */
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
