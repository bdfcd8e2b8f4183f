package org.sessionlink.link;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The id of an HTTP session, which only goes forward: one that the session has left never
 * comes back, however late a slow request brings it (B11).
 *
 * <p>
 * Safe for use by any thread; requests and the container's id event change it, by one
 * atomic step on an immutable list.
 */
final class SessionIds {

	/** Far more than a session may leave while one request is slow. */
	private static final int REMEMBERED = 8;

	// The newest first.
	private final AtomicReference<List<String>> ids;

	SessionIds(String id) {
		this.ids = new AtomicReference<>(List.of(id));
	}

	/** Returns the id that the session has now. */
	String current() {
		return this.ids.get().get(0);
	}

	/**
	 * Takes over an id.
	 * @return false if it is the current one, or one that the session has left
	 */
	boolean moveTo(String id) {
		List<String> before = this.ids.getAndUpdate((known) -> known.contains(id) ? known
				: Stream.concat(Stream.of(id), known.stream()).limit(REMEMBERED).toList());
		return !before.contains(id);
	}

}
