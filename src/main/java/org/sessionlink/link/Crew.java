package org.sessionlink.link;

/**
 * Threads for one kind of work that may wait for somebody else. Each kind has its own, so
 * that what one waits for never holds up what another does (B45).
 */
public enum Crew {

	/** Says goodbye to sockets and closes them (B18). */
	CLOSING("sessionlink-closing-"),

	/** Pings sockets (B36). */
	PINGING("sessionlink-pinging-"),

	/** Writes to what cannot be written to without waiting, such as SockJS. */
	WRITING("sessionlink-writing-"),

	/** Tells containers that sessions are in use (B7). */
	TOUCHING("sessionlink-touching-"),

	/** Ends HTTP sessions, which calls the application's own session listeners. */
	ENDING("sessionlink-ending-");

	private final String threads;

	Crew(String threads) {
		this.threads = threads;
	}

	/** Returns what the names of its threads start with. */
	String threads() {
		return this.threads;
	}

}
