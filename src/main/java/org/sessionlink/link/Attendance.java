package org.sessionlink.link;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is listed at one destination, and what its watchers have yet to hear: those who
 * watch anew the whole list, the others what has changed since they heard of it. Whoever
 * comes and goes, or goes and comes back, between two news is in neither.
 *
 * <p>
 * Knows nothing of links and sockets, so that it can be filled from elsewhere too. Not
 * safe for use by several threads: its {@link Gathering} sees to that.
 */
final class Attendance {

	private final int most;

	private final Map<String, Attendee> listed = new LinkedHashMap<>();

	private final Map<String, Attendee> unlisted = new LinkedHashMap<>();

	private final Map<String, Attendee> joined = new LinkedHashMap<>();

	private final Map<String, Attendee> left = new LinkedHashMap<>();

	private final Map<Subscription, String> told = new LinkedHashMap<>();

	private final Map<Subscription, String> fresh = new LinkedHashMap<>();

	private int nameless;

	/**
	 * What is to be told, all of it as of one moment.
	 *
	 * @param fresh who is to hear who is present
	 * @param told who is to hear who has joined and left
	 */
	record News(Map<Subscription, String> fresh, List<Attendee> present, Map<Subscription, String> told,
			List<Attendee> joined, List<Attendee> left, int more) {

	}

	/**
	 * Makes it empty.
	 * @param most how many are listed; 0 for all
	 */
	Attendance(int most) {
		this.most = most;
	}

	/** Takes note of somebody who has come; any number of times. */
	void joined(Attendee attendee) {
		if (this.listed.containsKey(attendee.id())) {
			return;
		}
		if (this.most > 0 && this.listed.size() >= this.most) {
			this.unlisted.put(attendee.id(), attendee);
		}
		else {
			list(attendee);
		}
	}

	/** Takes note of somebody who has gone; any number of times. */
	void left(Attendee attendee) {
		this.unlisted.remove(attendee.id());
		Attendee known = this.listed.remove(attendee.id());
		if (known == null) {
			return;
		}
		if (this.joined.remove(known.id()) == null && !this.told.isEmpty()) {
			this.left.put(known.id(), known);
		}
		Iterator<Attendee> waiting = this.unlisted.values().iterator();
		if (waiting.hasNext()) {
			Attendee next = waiting.next();
			waiting.remove();
			list(next);
		}
	}

	/** Takes note of how many are there beside all those who have come. */
	void nameless(int count) {
		this.nameless = count;
	}

	private void list(Attendee attendee) {
		this.listed.put(attendee.id(), attendee);
		if (this.left.remove(attendee.id()) == null && !this.told.isEmpty()) {
			this.joined.put(attendee.id(), attendee);
		}
	}

	/** Has a subscription hear who is here, and from then on what changes. */
	void watch(Subscription subscription, String socketId) {
		if (!this.told.containsKey(subscription)) {
			this.fresh.put(subscription, socketId);
		}
	}

	/** Has it hear nothing any more. */
	void unwatch(Subscription subscription) {
		this.fresh.remove(subscription);
		this.told.remove(subscription);
		if (this.told.isEmpty()) {
			this.joined.clear();
			this.left.clear();
		}
	}

	boolean hasNews() {
		return !this.fresh.isEmpty() || !this.joined.isEmpty() || !this.left.isEmpty();
	}

	/** Returns how many watch. */
	int watchers() {
		return this.fresh.size() + this.told.size();
	}

	/** Returns the ids of all who are there, in the order in which they came. */
	List<String> ids() {
		List<String> ids = new ArrayList<>(this.listed.keySet());
		ids.addAll(this.unlisted.keySet());
		return ids;
	}

	boolean isEmpty() {
		return this.listed.isEmpty() && watchers() == 0;
	}

	/** Returns what is to be told, and takes it for told. */
	News take() {
		List<Attendee> present = this.fresh.isEmpty() ? List.of() : new ArrayList<>(this.listed.values());
		News news = new News(new LinkedHashMap<>(this.fresh), present, new LinkedHashMap<>(this.told),
				new ArrayList<>(this.joined.values()), new ArrayList<>(this.left.values()),
				this.unlisted.size() + this.nameless);
		this.told.putAll(this.fresh);
		this.fresh.clear();
		this.joined.clear();
		this.left.clear();
		return news;
	}

}
