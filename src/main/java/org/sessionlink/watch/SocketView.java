package org.sessionlink.watch;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkedSocket;

/**
 * A socket as operators see it (B23), at one moment.
 *
 * @param socket the id
 * @param principal the name of who is at the other end, or null for an anonymous visitor
 * @param connected whether its client's CONNECT was let through
 * @param node the server that it is open on, where there are several
 */
record SocketView(String socket, @Nullable String principal, boolean connected, List<Subscription> subscriptions,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String node) {

	SocketView {
		subscriptions = (subscriptions != null) ? subscriptions : List.of();
	}

	static SocketView of(LinkedSocket socket, @Nullable String node) {
		return new SocketView(socket.id(), socket.socketLink().identity().name(), socket.socketLink().isConnected(),
				socket.socketLink()
					.subscriptions()
					.all()
					.entrySet()
					.stream()
					.map((entry) -> new Subscription(entry.getKey(), entry.getValue()))
					.sorted(Comparator.comparing(Subscription::id))
					.toList(),
				node);
	}

	SocketView on(String server) {
		return new SocketView(this.socket, this.principal, this.connected, this.subscriptions, server);
	}

	/** One subscription, by the id that the client gave it. */
	record Subscription(String id, String destination) {

	}

}
