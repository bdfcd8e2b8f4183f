package org.sessionlink.link;

/**
 * Threads for one kind of work that may wait for somebody else. Each kind has its own, so
 * that what one waits for never holds up what another does (B45).
 */
public enum Crew {

	/** Says goodbye to sockets and closes them (B18). */
	CLOSING("sessionlink-closing-", 16),

	/** Pings sockets (B36). */
	PINGING("sessionlink-pinging-", 16),

	/** Writes to what cannot be written to without waiting, such as SockJS. */
	WRITING("sessionlink-writing-", 16),

	/** Closes what cannot be closed without waiting, such as SockJS. */
	RELEASING("sessionlink-releasing-", 16),

	/** Tells the application that sockets are gone, whose listeners may wait (B45). */
	PARTING("sessionlink-parting-", 16),

	/** Tells containers that sessions are in use (B7). */
	TOUCHING("sessionlink-touching-", 1),

	/** Ends HTTP sessions, which calls the application's own session listeners. */
	ENDING("sessionlink-ending-", 1),

	/** Takes over of sessions what other servers have changed, whose objects are read. */
	FOLLOWING("sessionlink-following-", 1),

	/** Delivers what other servers have published, of each destination in its order. */
	DELIVERING("sessionlink-delivering-", 1),

	/** Looks for hosts, whose names may take their time to be found. */
	CONNECTING("sessionlink-connecting-", 16),

	/** Tells listeners, each of them one thing after the other. */
	TELLING("sessionlink-telling-", 1);

	private final String threads;

	private final int share;

	Crew(String threads, int share) {
		this.threads = threads;
		this.share = share;
	}

	/** Returns what the names of its threads start with. */
	String threads() {
		return this.threads;
	}

	/** Returns how many of its threads one owner of tasks may hold at a time. */
	int share() {
		return this.share;
	}

}
