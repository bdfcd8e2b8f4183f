package org.sessionlink.link;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where the users behind one link are, and how many of these stays have no socket any
 * more: a client that opens sockets only to leave them again cannot have any number.
 *
 * <p>
 * Safe for use by any thread: stays come and go in a concurrent set, absences by an
 * atomic number that the limit is held against.
 */
final class LinkStays {

	/** As many as one socket may have subscriptions by default. */
	static final int MOST_ABSENT = 100;

	private final Set<Stay> all = ConcurrentHashMap.newKeySet();

	private final AtomicInteger absent = new AtomicInteger();

	void add(Stay stay) {
		this.all.add(stay);
	}

	/** Forgets a stay; returns whether none is left. */
	boolean removeLast(Stay stay) {
		this.all.remove(stay);
		return this.all.isEmpty();
	}

	List<Stay> all() {
		return List.copyOf(this.all);
	}

	boolean takeAbsence() {
		if (this.absent.incrementAndGet() > MOST_ABSENT) {
			this.absent.decrementAndGet();
			return false;
		}
		return true;
	}

	void giveBackAbsence() {
		this.absent.decrementAndGet();
	}

}
