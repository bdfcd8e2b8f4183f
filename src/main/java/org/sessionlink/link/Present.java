package org.sessionlink.link;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who is at a destination, as server code and operators see it (B37).
 *
 * @param user the name, or null for an anonymous visitor
 * @param id what others at this destination know them by
 * @param link the fingerprint of the link
 * @param sockets the ids of the sockets that are subscribed; empty for who has lost the
 * last one just now, and may come back
 */
public record Present(String destination, @Nullable String user, String id, String link, List<String> sockets) {

	public Present {
		sockets = List.copyOf(sockets);
	}

}
