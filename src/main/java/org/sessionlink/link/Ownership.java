package org.sessionlink.link;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Whose the HTTP session of one link is (B48), and for whom the link counts among the
 * sessions of users (B49): for its owner, and beside that for the user of a login under
 * way that was promised a place.
 *
 * <p>
 * Safe for use by any thread. Requests write from where the session is used, by one
 * volatile write where that differs. Whoever has changed the owner or the end has it look
 * at both anew, in one step under its lock, so that the last word wins; what is too many
 * ends outside of it.
 */
public final class Ownership {

	private final Link link;

	private final LinkIdentity identity;

	private final UserSessions users;

	private volatile @Nullable Seen seen;

	private @Nullable String counted;

	private @Nullable String promised;

	Ownership(Link link, LinkIdentity identity, UserSessions users) {
		this.link = link;
		this.identity = identity;
		this.users = users;
	}

	/**
	 * Returns the name of the owner, or null where the session is nobody's: what the
	 * session itself says, or else who has logged in with the container.
	 */
	public @Nullable String name() {
		Seen last = this.seen;
		if (this.identity.isNobodys()) {
			return (last != null) ? last.user() : null;
		}
		return this.identity.ownerName();
	}

	/** Returns from where the session was used last, or null where nobody has. */
	public @Nullable Seen seen() {
		return this.seen;
	}

	/** Takes note from where a request with the session comes. */
	public void seen(Seen now) {
		this.seen = now;
		follow(UserSessions.NOW);
	}

	/**
	 * Counts the link for whom it belongs to now, and ends what is too many.
	 * @param since when it became theirs
	 */
	void follow(Instant since) {
		if (!this.users.isOff()) {
			this.users.end(settle(since));
		}
	}

	private synchronized List<Link> settle(Instant since) {
		boolean over = this.link.endCause() != null;
		if (over) {
			giveBackPlace();
		}
		String owner = over ? null : name();
		if (Objects.equals(owner, this.counted)) {
			return List.of();
		}
		if (this.counted != null) {
			this.users.leave(this.counted, this.link);
		}
		this.counted = owner;
		if (owner == null) {
			return List.of();
		}
		if (owner.equals(this.promised)) {
			this.promised = null;
			return List.of();
		}
		return this.users.enter(owner, this.link, since);
	}

	/**
	 * Promises a place among the sessions of a user to a login under way, so that it can
	 * be refused before it takes effect.
	 * @return false if the user has as many as may be
	 */
	public synchronized boolean promisePlace(String user) {
		if (!this.users.refusesLogins() || user.equals(this.counted) || user.equals(this.promised)) {
			return true;
		}
		giveBackPlace();
		if (this.link.endCause() != null || !this.users.enter(user, this.link, UserSessions.NOW).isEmpty()) {
			return false;
		}
		this.promised = user;
		return true;
	}

	/**
	 * Takes note that a login is over: a place that it was promised and has not taken is
	 * free again.
	 */
	public synchronized void giveBackPlace() {
		if (this.promised != null) {
			this.users.leave(this.promised, this.link);
			this.promised = null;
		}
	}

}
