package org.sessionlink.history;

import java.util.List;

/**
 * Where a subscription begins: what came before it that its client is to get, and behind
 * which number everything reaches it by itself.
 *
 * @param position that of the last message before it
 * @param recovered whether the missed messages are all that its client has missed
 * @param missed what its client has missed, in order
 * @param newest the last message, where whoever does not get what they have missed gets
 * that
 */
public record Seam(Position position, boolean recovered, List<Numbered> missed, List<Numbered> newest) {

	/**
	 * Returns where it begins for a client that may take so much at once: behind a gap
	 * where it has missed more.
	 * @param mostBytes how much memory what it has missed may take; 0 for any
	 * @param waiting how much waits for it already: no more than that may
	 */
	public Seam within(long mostBytes, long waiting) {
		long bytes = this.missed.stream().mapToLong((one) -> one.message().bytes()).sum();
		return (mostBytes == 0 || bytes == 0 || (bytes <= mostBytes && waiting <= mostBytes)) ? this
				: new Seam(this.position, false, List.of(), this.newest);
	}

	/** Returns what comes instead of what was missed. */
	public List<Numbered> replayed() {
		return this.recovered ? List.of() : this.newest;
	}

	/** A message with its number. */
	public record Numbered(long offset, Keepable message) {
	}

}
