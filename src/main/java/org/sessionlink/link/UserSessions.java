package org.sessionlink.link;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which links count for each user, in the order of their logins, so that there are never
 * more than may be (B49). Anonymous visitors have none, and nothing is kept where there
 * is no limit.
 *
 * <p>
 * Safe for use by any thread: a link comes and goes by one atomic step on the map each,
 * and the step that lets one in takes out those that are too many. They end afterwards.
 */
final class UserSessions {

	private static final Logger logger = LoggerFactory.getLogger(UserSessions.class);

	private static final String SETTING = "sessionlink.limits.sessions-per-user";

	/**
	 * When somebody logs in: later than all before. A clock that is set back would make a
	 * new session the oldest.
	 */
	static final Instant NOW = Instant.MAX;

	private final ConcurrentMap<String, List<Entry>> byUser = new ConcurrentHashMap<>();

	private final UserLimit limit;

	private volatile UserPlaces places = UserPlaces.NONE;

	UserSessions(UserLimit limit) {
		this.limit = limit;
	}

	/** Has others decide who is too many, as long as they can, from the start on. */
	void shareWith(UserPlaces others) {
		this.places = others;
	}

	UserPlaces places() {
		return this.places;
	}

	boolean isOff() {
		return this.limit.sessions() == 0 && !this.places.areShared();
	}

	/**
	 * Returns whether a login of this user may go on; {@link #enter} has the last word.
	 */
	boolean mayLogIn(String user) {
		if (!this.limit.refusesLogins()) {
			return true;
		}
		UserPlaces.Answer shared = this.places.promise(user, null);
		return (shared != UserPlaces.Answer.UNKNOWN) ? shared == UserPlaces.Answer.YES
				: this.byUser.getOrDefault(user, List.of()).size() < this.limit.sessions();
	}

	boolean refusesLogins() {
		return this.limit.refusesLogins();
	}

	/**
	 * Counts a link for a user.
	 * @param since when it became theirs
	 * @return what is too many now, and counts no more: the oldest, or the link itself
	 */
	List<Link> enter(String user, Link link, Instant since) {
		List<Link> tooMany = new ArrayList<>();
		this.byUser.compute(user, (name, known) -> {
			List<Entry> entries = new ArrayList<>((known != null) ? known : List.of());
			if (isTooMany(entries.size() + 1) && this.limit.refusesNew()) {
				tooMany.add(link);
				return known;
			}
			entries.add(place(entries, since), new Entry(link, since));
			while (isTooMany(entries.size())) {
				tooMany.add(entries.remove(0).link());
			}
			return List.copyOf(entries);
		});
		return tooMany;
	}

	private boolean isTooMany(int sessions) {
		return this.limit.sessions() > 0 && sessions > this.limit.sessions();
	}

	/** Counts a link for a user whatever else counts: others say who is too many. */
	void note(String user, Link link, Instant since) {
		this.byUser.compute(user, (name, known) -> {
			List<Entry> entries = new ArrayList<>((known != null) ? known : List.of());
			entries.add(place(entries, since), new Entry(link, since));
			return List.copyOf(entries);
		});
	}

	private static int place(List<Entry> entries, Instant since) {
		int place = entries.size();
		while (place > 0 && entries.get(place - 1).since().isAfter(since)) {
			place--;
		}
		return place;
	}

	/** Counts a link no more for a user; any number of times. */
	void leave(String user, Link link) {
		this.byUser.computeIfPresent(user, (name, known) -> {
			List<Entry> others = known.stream().filter((entry) -> entry.link() != link).toList();
			return others.isEmpty() ? null : others;
		});
	}

	/** Ends links that are too many. */
	void end(List<Link> tooMany) {
		for (Link link : tooMany) {
			if (this.limit.refusesNew()) {
				logger.warn(
						"Session {} ends, as its user has as many sessions as {} allows, and its login has not asked",
						link.fingerprint(), SETTING);
				link.refused(Refused.TOO_MANY_USER_SESSIONS);
			}
			else {
				logger.info("Session {} ends, the oldest of a user who has more than {}", link.fingerprint(), SETTING);
			}
			Telling.tell("The end of a session", () -> link.end(EndCause.REPLACED));
		}
	}

	/** Returns how many users have links that count. */
	int size() {
		return this.byUser.size();
	}

	/** A link that counts, and since when. */
	private record Entry(Link link, Instant since) {

	}

}
