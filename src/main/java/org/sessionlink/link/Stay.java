package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

/**
 * One user behind one link at one destination: from the first socket there until the last
 * goes, and as long after that as may pass until one comes back.
 *
 * <p>
 * Not safe for use by several threads: its {@link Gathering} sees to that.
 */
final class Stay {

	private final String destination;

	private final Link link;

	private final Attendee attendee;

	private final Set<String> sockets = new LinkedHashSet<>();

	private @Nullable String owner;

	private final LinkStays ofLink;

	private @Nullable Future<?> end;

	private int absences;

	private @Nullable String backAt;

	Stay(String destination, Link link, Attendee attendee, LinkStays ofLink) {
		this.destination = destination;
		this.link = link;
		this.attendee = attendee;
		this.ofLink = ofLink;
	}

	String destination() {
		return this.destination;
	}

	Link link() {
		return this.link;
	}

	Attendee attendee() {
		return this.attendee;
	}

	/** Takes note of a socket; one that comes back in time ends the absence. */
	void add(String socketId) {
		this.sockets.add(socketId);
		this.backAt = null;
		this.owner = ownerNow();
		endAbsence();
	}

	/** Forgets a socket; returns whether it was the last one. */
	boolean removeLast(String socketId) {
		return this.sockets.remove(socketId) && this.sockets.isEmpty();
	}

	/**
	 * Returns whether one that comes back may be the same user: the link is open, and its
	 * HTTP session is no other's than when a socket was here.
	 */
	boolean mayComeBack() {
		return this.link.endCause() == null && Objects.equals(this.owner, ownerNow());
	}

	// Who cannot say their name has none.
	private @Nullable String ownerNow() {
		Identity identity = this.link.identity();
		return (identity != null) ? nameOf(identity) : null;
	}

	static @Nullable String nameOf(Identity identity) {
		try {
			return identity.name();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Begins an absence, which a task ends unless a socket comes back before.
	 * @return false if the link has as many absences as may be
	 */
	boolean beginAbsence(LinkClock clock, Duration grace, IntConsumer over) {
		if (!this.ofLink.takeAbsence()) {
			return false;
		}
		int number = ++this.absences;
		this.end = clock.schedule(() -> over.accept(number), grace);
		return true;
	}

	/** Returns whether no socket has come since this absence began. */
	boolean isIn(int absence) {
		return isAbsent() && this.absences == absence;
	}

	/**
	 * Takes note of what another server says.
	 * @param open whether a socket is there: who has lost the last one here is back
	 */
	void isAt(String server, boolean open) {
		if (open && isAbsent()) {
			this.backAt = server;
		}
		else if (server.equals(this.backAt)) {
			this.backAt = null;
		}
	}

	/**
	 * Returns whether who has lost the last socket here has come back at another server,
	 * and is waited for there and not here any more.
	 */
	boolean isBackAt(String server) {
		return isAbsent() && server.equals(this.backAt);
	}

	boolean isAbsent() {
		return this.sockets.isEmpty();
	}

	void endAbsence() {
		if (this.end != null) {
			this.end.cancel(false);
			this.end = null;
			this.ofLink.giveBackAbsence();
		}
	}

	/**
	 * Returns how it is now.
	 * @param nodes the names of this server
	 */
	Present view(List<String> nodes) {
		return new Present(this.destination, this.attendee.user(), this.attendee.id(), this.link.fingerprint(),
				new ArrayList<>(this.sockets), nodes);
	}

}
