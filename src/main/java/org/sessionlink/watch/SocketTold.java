package org.sessionlink.watch;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.TrafficSum;

/**
 * A socket as one server tells another.
 *
 * @param socket the id
 * @param principal the name of who is at the other end, or null
 * @param connected whether its client's CONNECT was let through
 * @param age in nanoseconds; null where that is not told
 * @param lastFrame nanoseconds since its last frame; null where that is not told
 * @param traffic what has gone through it
 * @param waitingBytes how many bytes wait for its client
 * @param remoteAddress where it came from, or null
 * @param userAgent what its client says that it is, or null
 * @param node the server that it is open on, or null
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record SocketTold(String socket, @Nullable String principal, boolean connected,
		List<SocketView.Subscription> subscriptions, @Nullable Long age, @Nullable Long lastFrame,
		@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NoTraffic.class) TrafficSum traffic,
		long waitingBytes, @Nullable String remoteAddress, @Nullable String userAgent, @Nullable String node) {

	SocketTold {
		subscriptions = (subscriptions != null) ? subscriptions : List.of();
		traffic = (traffic != null) ? traffic : TrafficSum.NONE;
	}

	static SocketTold of(LinkedSocket socket, @Nullable String node) {
		SocketLink link = socket.socketLink();
		return new SocketTold(socket.id(), link.shownName(), link.isConnected(),
				link.subscriptions()
					.all()
					.entrySet()
					.stream()
					.map((entry) -> new SocketView.Subscription(entry.getKey(), entry.getValue()))
					.sorted(Comparator.comparing(SocketView.Subscription::id))
					.toList(),
				link.age().toNanos(), socket.traffic().lastFrameAgo(), socket.traffic().sum(), socket.waiting(),
				socket.remoteAddress(), link.userAgent(), node);
	}

	SocketTold on(String server) {
		return new SocketTold(this.socket, this.principal, this.connected, this.subscriptions, this.age, this.lastFrame,
				this.traffic, this.waitingBytes, this.remoteAddress, this.userAgent, server);
	}

}
