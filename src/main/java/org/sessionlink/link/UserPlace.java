package org.sessionlink.link;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * For whom one link counts among the sessions of users (B49): for whom it belongs to, and
 * beside that for whom a login under way is, which has asked for a place.
 *
 * <p>
 * Safe for use by any thread: whoever has changed the owner or the end has it look at
 * both anew, in one step under its lock, so that the last word wins. What is too many
 * ends outside of it.
 */
final class UserPlace {

	private final Link link;

	private final UserSessions users;

	private @Nullable String counted;

	private @Nullable String promised;

	UserPlace(Link link, UserSessions users) {
		this.link = link;
		this.users = users;
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
			giveBack();
		}
		String owner = over ? null : this.link.owner();
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
	 * Promises a place to a login under way.
	 * @return false if the user has as many as may be
	 */
	synchronized boolean promise(String user) {
		if (!this.users.refusesLogins() || user.equals(this.counted) || user.equals(this.promised)) {
			return true;
		}
		giveBack();
		if (this.link.endCause() != null || !this.users.enter(user, this.link, UserSessions.NOW).isEmpty()) {
			return false;
		}
		this.promised = user;
		return true;
	}

	/** Takes note that a login is over: what it was promised and did not take is free. */
	synchronized void giveBack() {
		if (this.promised != null) {
			this.users.leave(this.promised, this.link);
			this.promised = null;
		}
	}

}
