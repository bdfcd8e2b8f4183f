package org.sessionlink.cluster;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The sessions that are in use here, by the ids that whoever uses them knows: the id may
 * be another by now, or not be written yet, and what ends a session by it is to end that
 * one.
 *
 * <p>
 * Safe for use by any thread: all changes under its lock. Each is forgotten once nobody
 * holds on to its id.
 */
final class SessionsInUse {

	private final Map<String, Use> byId = new WeakHashMap<>();

	/**
	 * Takes note of a session.
	 * @return the id, to be held on to for as long as the session is in use
	 */
	synchronized String know(String id, String hash) {
		Use known = this.byId.get(id);
		String held = (known != null) ? known.id.get() : null;
		if (held != null) {
			return held;
		}
		this.byId.put(id, new Use(hash, new WeakReference<>(id)));
		return id;
	}

	/** Returns the hash of the link of the session with an id, or null. */
	synchronized @Nullable String find(String id) {
		Use known = this.byId.get(id);
		return (known != null) ? known.hash : null;
	}

	private record Use(String hash, WeakReference<String> id) {

	}

}
