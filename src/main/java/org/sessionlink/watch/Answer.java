package org.sessionlink.watch;

import java.util.Collection;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a server tells of its links; times are ages, as no clock is another's.
 *
 * @param links those that were asked for
 * @param more how many there are besides, which are not told
 * @param sockets those that were asked for, or that have ended
 * @param destination of a subscription that was revoked, or null
 * @param found whether the socket that was asked for is there
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record Answer(List<LinkTold> links, int more, List<SocketTold> sockets, @Nullable String destination, boolean found) {

	static final Answer NOTHING = new Answer(List.of(), 0, List.of(), null, false);

	Answer {
		links = (links != null) ? links : List.of();
		sockets = (sockets != null) ? sockets : List.of();
	}

	static Answer of(Collection<LinkTold> links) {
		return new Answer(List.copyOf(links), 0, List.of(), null, false);
	}

	static Answer of(Collection<LinkTold> links, List<SocketTold> sockets) {
		return new Answer(List.copyOf(links), 0, sockets, null, false);
	}

	/** Returns the same as told by a server. */
	Answer on(String server) {
		return new Answer(this.links.stream().map((link) -> link.on(server)).toList(), this.more,
				this.sockets.stream().map((socket) -> socket.on(server)).toList(), this.destination, this.found);
	}

}
