package org.sessionlink.link;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which sessions count for each user on all servers, where several share theirs (B48,
 * B49): what one server knows of that is {@link UserSessions}.
 *
 * <p>
 * Each call may wait for somebody else a little, and is made under no lock.
 */
public interface UserPlaces {

	/** Of a server that stands alone. */
	UserPlaces NONE = new UserPlaces() {

		@Override
		public boolean areShared() {
			return false;
		}

		@Override
		public boolean decide() {
			return false;
		}

		@Override
		public boolean take(Link link, @Nullable String owner, Instant since) {
			return false;
		}

		@Override
		public Answer promise(String user, @Nullable Link link) {
			return Answer.UNKNOWN;
		}

		@Override
		public void giveBack(String user, Link link) {
			// There is nobody to tell.
		}

		@Override
		public void seen(Link link, Seen now) {
			// There is nobody to tell.
		}

	};

	/** What is said to somebody who asks for a place. */
	enum Answer {

		YES, NO,

		/** Nobody can say: what this server knows counts. */
		UNKNOWN

	}

	/** Returns whether other servers count the same sessions. */
	boolean areShared();

	/** Returns whether they are counted together now. */
	boolean decide();

	/**
	 * Counts a link for its owner, and ends what is too many, in one step.
	 * @param owner the name, or null for nobody
	 * @param since when it became theirs
	 * @return false if nobody could be asked
	 */
	boolean take(Link link, @Nullable String owner, Instant since);

	/**
	 * Promises a place to the login of a link.
	 * @param link null to ask only whether there is one
	 */
	Answer promise(String user, @Nullable Link link);

	/** Gives back a place that was promised and not taken. */
	void giveBack(String user, Link link);

	/** Takes note of from where the session of a link is used. */
	void seen(Link link, Seen now);

}
