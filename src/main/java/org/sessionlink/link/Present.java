package org.sessionlink.link;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Somebody who is at a destination, as server code and operators see it (B37).
 *
 * @param user the name, or null for an anonymous visitor
 * @param id what others at this destination know them by
 * @param link the fingerprint of the link
 * @param sockets the ids of the sockets that are subscribed; empty for who has lost the
 * last one just now, and may come back
 * @param nodes the names of the servers by which they are there; empty where there is
 * only one
 */
public record Present(String destination, @Nullable String user, String id, String link, List<String> sockets,
		List<String> nodes) {

	public Present {
		sockets = List.copyOf(sockets);
		nodes = List.copyOf(nodes);
	}

	/** Returns the same by this server and by others. */
	Present and(Present elsewhere) {
		return new Present(this.destination, this.user, this.id, this.link, both(this.sockets, elsewhere.sockets),
				both(this.nodes, elsewhere.nodes));
	}

	private static List<String> both(List<String> some, List<String> others) {
		return Stream.concat(some.stream(), others.stream()).toList();
	}

	/** Returns the same with this destination, which all have who are there. */
	Present at(String destination) {
		return new Present(destination, this.user, this.id, this.link, this.sockets, this.nodes);
	}

	Attendee attendee() {
		return new Attendee(this.user, this.id);
	}

}
