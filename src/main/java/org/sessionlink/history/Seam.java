package org.sessionlink.history;

import java.util.List;

/**
 * Where a subscription begins: what came before it that its client is to get, and behind
 * which number everything reaches it by itself.
 *
 * @param position that of the last message before it
 * @param recovered whether the missed messages are all that its client has missed
 * @param missed what its client has missed, in order
 * @param replayed the last message, for a client that has missed nothing it knows of
 */
public record Seam(Position position, boolean recovered, List<Numbered> missed, List<Numbered> replayed) {

	/**
	 * Returns where it begins for a client that may take so much at once: behind a gap
	 * where it has missed more.
	 * @param mostBytes how much memory what it has missed may take; 0 for any
	 */
	public Seam within(long mostBytes) {
		long bytes = this.missed.stream().mapToLong((one) -> one.message().bytes()).sum();
		return (mostBytes == 0 || bytes <= mostBytes) ? this : new Seam(this.position, false, List.of(), List.of());
	}

	/** A message with its number. */
	public record Numbered(long offset, Keepable message) {
	}

}
