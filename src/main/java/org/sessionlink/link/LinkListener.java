package org.sessionlink.link;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Hears what happens to links: each event once, one after the other, on a thread that is
 * nobody else's meanwhile. If it waits or throws, nobody else does; what waits for it is
 * bounded, and the log says when it misses something. What strangers can have happen at
 * will, such as that something is refused, waits within a bound of its own, and sockets
 * that close within another: however many there are, no end is missed for them.
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

	/** A link is there that was not, on this server. */
	default void opened(Link link) {
	}

	/** A socket has opened. */
	default void socketOpened(LinkedSocket socket) {
	}

	/** A socket has closed, whatever happened: once for each that has opened (B53). */
	default void socketClosed(SocketClosed socket) {
	}

	/** A client has subscribed to something. */
	default void subscribed(LinkedSocket socket, Subscription subscription) {
	}

	/**
	 * Something was refused (B27).
	 * @param link whose client asked for it, or null where that is not known
	 */
	default void refused(@Nullable Link link, Refused reason) {
	}

}
