package org.sessionlink.link;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * All who are at one destination, by a stay on this server or by the report of another,
 * who is told of them, and when next.
 *
 * <p>
 * Safe for use by any thread; each change, and what is told of it, is one step under the
 * monitor. So whoever watches hears of everyone once: in the list, or as one who came
 * after it.
 */
final class Gathering {

	/** The least time between two news. */
	static final Duration PACE = Duration.ofMillis(200);

	/** The same where many watch: each message is one for each of them. */
	static final Duration SLOW_PACE = Duration.ofSeconds(1);

	static final int MANY = 100;

	private final Map<String, Stay> stays = new LinkedHashMap<>();

	private final Reports reports = new Reports();

	private final String destination;

	private final Attendance attendance;

	private final Consumer<Stay> ended;

	private @Nullable Long lastTold;

	private boolean telling;

	/**
	 * Makes it empty.
	 * @param most how many are listed; 0 for all
	 * @param ended hears of each stay that ends
	 */
	Gathering(String destination, int most, Consumer<Stay> ended) {
		this.destination = destination;
		this.attendance = new Attendance(most);
		this.ended = ended;
	}

	String destination() {
		return this.destination;
	}

	/** Adds a socket to a stay, which begins where there is none. */
	synchronized void enter(Attendee attendee, String socketId, Supplier<Stay> newStay) {
		Stay stay = this.stays.get(attendee.id());
		if (stay == null) {
			stay = newStay.get();
			this.stays.put(attendee.id(), stay);
			this.attendance.joined(attendee);
		}
		stay.add(socketId);
	}

	/**
	 * Takes a socket from a stay, which ends with its last one.
	 * @param goesOn asked whether it goes on without one
	 */
	synchronized void leave(Attendee attendee, String socketId, Predicate<Stay> goesOn) {
		Stay stay = this.stays.get(attendee.id());
		if (stay != null && stay.removeLast(socketId) && !goesOn.test(stay)) {
			end(stay);
		}
	}

	/** Ends a stay, unless that was done before, or does not hold for it any more. */
	synchronized void endIf(Stay stay, Predicate<Stay> condition) {
		if (this.stays.get(stay.attendee().id()) == stay && condition.test(stay)) {
			end(stay);
		}
	}

	private void end(Stay stay) {
		this.stays.remove(stay.attendee().id());
		leaveIfNowhere(stay.attendee());
		stay.endAbsence();
		this.ended.accept(stay);
	}

	private void leaveIfNowhere(Attendee attendee) {
		if (!this.stays.containsKey(attendee.id()) && !this.reports.has(attendee.id())) {
			this.attendance.left(attendee);
		}
	}

	/** Takes over what has changed by another server. */
	synchronized void told(String server, Gathered changed, Collection<String> gone) {
		for (Present present : changed.present()) {
			this.reports.put(server, present.at(this.destination));
			Stay stay = this.stays.get(present.id());
			if (stay != null) {
				stay.isAt(server, !present.sockets().isEmpty());
			}
			this.attendance.joined(present.attendee());
		}
		for (String id : gone) {
			this.reports.remove(server, id);
			Stay stay = this.stays.get(id);
			if (stay != null && stay.isBackAt(server)) {
				end(stay);
			}
			leaveIfNowhere(new Attendee(null, id));
		}
		this.reports.more(server, changed.more());
		this.attendance.nameless(this.reports.more());
	}

	/** Takes over all who are here by another server. */
	synchronized void toldAll(String server, Gathered now) {
		Set<String> gone = new LinkedHashSet<>();
		this.reports.by(server, this.destination).present().forEach((present) -> gone.add(present.id()));
		now.present().forEach((present) -> gone.remove(present.id()));
		told(server, now, gone);
	}

	synchronized boolean isToldBy(String server) {
		return this.reports.isBy(server);
	}

	synchronized Gathered by(String server) {
		return this.reports.by(server, this.destination);
	}

	synchronized void watch(Subscription subscription, String socketId) {
		this.attendance.watch(subscription, socketId);
	}

	synchronized void unwatch(Subscription subscription) {
		this.attendance.unwatch(subscription);
	}

	synchronized boolean isEmpty() {
		return this.stays.isEmpty() && this.reports.isEmpty() && this.attendance.isEmpty();
	}

	/**
	 * Returns how long to wait before news are told, for whoever then does it; null where
	 * there are none, or somebody does already.
	 */
	synchronized @Nullable Duration newsIn(long now) {
		if (this.telling || !this.attendance.hasNews()) {
			return null;
		}
		this.telling = true;
		if (this.lastTold == null) {
			return Duration.ZERO;
		}
		Duration pace = (this.attendance.watchers() > MANY) ? SLOW_PACE : PACE;
		Duration wait = pace.minusNanos(now - this.lastTold);
		return wait.isNegative() ? Duration.ZERO : wait;
	}

	/** Returns the news, and takes them for told. */
	synchronized Attendance.News takeNews(long now) {
		this.telling = false;
		this.lastTold = now;
		return this.attendance.take();
	}

	/**
	 * Returns all who are here, in the order in which they came.
	 * @param nodes the names of this server
	 */
	synchronized List<Present> present(List<String> nodes) {
		return this.attendance.ids().stream().map((id) -> present(id, nodes)).toList();
	}

	private Present present(String id, List<String> nodes) {
		Stay stay = this.stays.get(id);
		return Stream.concat(Stream.ofNullable(stay).map((here) -> here.view(nodes)), this.reports.of(id).stream())
			.reduce(Present::and)
			.orElseThrow();
	}

	/**
	 * Returns who is here by this server, as far as others are told of them.
	 * @param most of how many
	 */
	synchronized Gathered here(int most, List<String> nodes) {
		List<Present> named = this.stays.values().stream().limit(most).map((stay) -> stay.view(nodes)).toList();
		return new Gathered(this.destination, named, this.stays.size() - named.size());
	}

	synchronized boolean hasStays() {
		return !this.stays.isEmpty();
	}

}
