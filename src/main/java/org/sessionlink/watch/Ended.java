package org.sessionlink.watch;

import java.util.List;

/**
 * What one call has ended.
 *
 * @param links the fingerprints of the links
 * @param sockets the ids of the sockets, those of the links among them
 */
public record Ended(List<String> links, List<String> sockets) {

	public Ended {
		links = List.copyOf(links);
		sockets = List.copyOf(sockets);
	}

}
