package org.sessionlink.store;

import java.security.SecureRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * Which key each session has (B42). A session is known by its id and the time of its
 * creation: what becomes of its attributes changes nothing, nor does what is copied into
 * them. They say something only of a session that is not known yet: one with a new id
 * that nobody has told of, or from before a restart.
 *
 * <p>
 * Safe for use by any thread: requests and the container's events change it, by one
 * atomic step on the map each.
 */
final class SessionTies {

	private final ConcurrentMap<String, SessionKey> byId = new ConcurrentHashMap<>();

	private final SecureRandom random = new SecureRandom();

	/**
	 * Returns the key of a session, making one where there is none.
	 * @throws IllegalStateException if the session is no longer valid
	 */
	SessionKey keyOf(HttpSession session) {
		SessionKey known = find(session);
		if (known != null) {
			return known;
		}
		SessionKey made = SessionKey.of(session, this.random);
		// First, as it fails where the session has ended meanwhile.
		made.putInto(session);
		SessionKey tied = tie(session, made);
		if (!tied.equals(made)) {
			tied.putInto(session);
		}
		return tied;
	}

	/**
	 * Returns the key of a session, or null where it has none yet.
	 * @throws IllegalStateException if the session is no longer valid
	 */
	@Nullable SessionKey find(HttpSession session) {
		// Looked for in any case, as that fails where the session has ended.
		SessionKey kept = SessionKey.in(session);
		SessionKey tied = this.byId.get(session.getId());
		if (tied != null && tied.isOf(session)) {
			return tied;
		}
		return (kept != null && kept.isOf(session)) ? tie(session, kept) : null;
	}

	/** Returns the key of a session that has had this id last, or null. */
	@Nullable SessionKey find(String id) {
		return this.byId.get(id);
	}

	// Two requests may be the first to use one old session: the key of the first is that
	// of both. The id may have been that of another session, which has ended.
	private SessionKey tie(HttpSession session, SessionKey key) {
		return this.byId.merge(session.getId(), key,
				(known, mine) -> (known.sessionTime() == mine.sessionTime()) ? known : mine);
	}

	/**
	 * Ties a session to a key that its container has brought back with it.
	 * @return the key that the session had before, or null
	 */
	@Nullable SessionKey tieAgain(HttpSession session, SessionKey kept) {
		return this.byId.put(session.getId(), kept.broughtBackIn(session));
	}

	/** Takes note that a session has another id now; any number of times. */
	void moved(String oldId, HttpSession session) {
		SessionKey key = this.byId.get(oldId);
		if (key != null && key.isOf(session)) {
			tie(session, key);
			this.byId.remove(oldId, key);
		}
	}

	/**
	 * Puts the key back into the attributes, where a restart or another node finds it.
	 */
	void putBack(HttpSession session) {
		SessionKey key = find(session);
		if (key != null && !key.equals(SessionKey.in(session))) {
			key.putInto(session);
		}
	}

	/** Forgets that the session with this id has the key. */
	void forget(String id, String key) {
		this.byId.computeIfPresent(id, (known, tied) -> tied.value().equals(key) ? null : tied);
	}

	int size() {
		return this.byId.size();
	}

}
