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

	/** A message with its number. */
	public record Numbered(long offset, Keepable message) {
	}

}
