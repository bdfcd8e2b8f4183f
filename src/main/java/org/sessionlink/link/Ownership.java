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
 * ends outside of it, where other servers are asked as well.
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
		this.users.places().seen(this.link, now);
	}

	/**
	 * Counts the link for whom it belongs to now, and ends what is too many.
	 * @param since when it became theirs
	 */
	void follow(Instant since) {
		if (this.users.isOff()) {
			return;
		}
		boolean shared = this.users.places().decide();
		Settled settled = settle(since, shared);
		this.users.end(settled.tooMany());
		if (shared && settled.isChange() && this.link.endCause() == null) {
			share(settled.owner(), since);
		}
	}

	// Nobody could be asked after all: this server decides by what it knows.
	private void share(@Nullable String owner, Instant since) {
		if (!this.users.places().take(this.link, owner, since) && owner != null) {
			this.users.leave(owner, this.link);
			this.users.end(this.users.enter(owner, this.link, since));
		}
	}

	private synchronized Settled settle(Instant since, boolean shared) {
		boolean over = this.link.endCause() != null;
		if (over) {
			leavePromised();
		}
		String owner = over ? null : name();
		if (Objects.equals(owner, this.counted)) {
			return Settled.NOTHING;
		}
		if (this.counted != null) {
			this.users.leave(this.counted, this.link);
		}
		this.counted = owner;
		if (owner == null) {
			return new Settled(true, null, List.of());
		}
		if (owner.equals(this.promised)) {
			this.promised = null;
			return new Settled(true, owner, List.of());
		}
		if (shared) {
			this.users.note(owner, this.link, since);
			return new Settled(true, owner, List.of());
		}
		return new Settled(true, owner, this.users.enter(owner, this.link, since));
	}

	/**
	 * Promises a place among the sessions of a user to a login under way, so that it can
	 * be refused before it takes effect.
	 * @return false if the user has as many as may be
	 */
	public boolean promisePlace(String user) {
		if (!this.users.refusesLogins() || hasPlace(user)) {
			return true;
		}
		giveBackPlace();
		UserPlaces.Answer shared = this.users.places().promise(user, this.link);
		return shared != UserPlaces.Answer.NO && take(user, shared == UserPlaces.Answer.YES);
	}

	private synchronized boolean hasPlace(String user) {
		return user.equals(this.counted) || user.equals(this.promised);
	}

	private synchronized boolean take(String user, boolean shared) {
		if (hasPlace(user)) {
			return true;
		}
		leavePromised();
		if (this.link.endCause() != null) {
			return false;
		}
		if (shared) {
			this.users.note(user, this.link, UserSessions.NOW);
		}
		else if (!this.users.enter(user, this.link, UserSessions.NOW).isEmpty()) {
			return false;
		}
		this.promised = user;
		return true;
	}

	/**
	 * Takes note that a login is over: a place that it was promised and has not taken is
	 * free again.
	 */
	public void giveBackPlace() {
		String free = leavePromised();
		if (free != null) {
			this.users.places().giveBack(free, this.link);
		}
	}

	private synchronized @Nullable String leavePromised() {
		String free = this.promised;
		if (free != null) {
			this.users.leave(free, this.link);
			this.promised = null;
		}
		return free;
	}

	/**
	 * What came of a look at owner and end.
	 *
	 * @param isChange whether the link counts for somebody else now
	 * @param owner for whom, or null for nobody
	 * @param tooMany what is too many by that
	 */
	private record Settled(boolean isChange, @Nullable String owner, List<Link> tooMany) {

		private static final Settled NOTHING = new Settled(false, null, List.of());

	}

}
