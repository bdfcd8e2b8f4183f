package org.sessionlink.store;

import java.time.Duration;
import java.util.function.Function;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/** Where HTTP sessions live that several servers share. Safe for use by any thread. */
public interface SharedStore {

	/** Returns whether a session is one of them. */
	boolean haveMade(HttpSession session);

	/**
	 * Returns how long ago the session of a link was created, by the store's clock, or
	 * null where it does not know it.
	 * @param key the key of the link
	 */
	@Nullable Duration age(String key);

	/**
	 * Lets somebody use the live session of a link, and keeps what they change.
	 * @param key the key of the link
	 * @throws IllegalStateException if it has ended
	 */
	<T> T use(String key, Function<HttpSession, T> use);

	/**
	 * Tells the store that a link is in use.
	 * @return the timeout of its session, or null where that is not known now
	 */
	@Nullable Duration touch(String key);

}
