package org.sessionlink.watch;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.TrafficSum;

/**
 * A socket as operators see it (B23), at one moment.
 *
 * @param socket the id
 * @param principal the name of who is at the other end, or null for an anonymous visitor
 * @param connected whether its client's CONNECT was let through
 * @param openedAt when its handshake came
 * @param lastFrame when its client's last frame came that was no heart-beat, or the
 * handshake where none has
 * @param traffic what has gone through it
 * @param waitingBytes how many bytes wait for its client to read them
 * @param origin where it came from, and with what
 * @param node the server that it is open on, where there are several
 */
record SocketView(String socket, @Nullable String principal, boolean connected, @Nullable Instant openedAt,
		@Nullable Instant lastFrame, @JsonUnwrapped TrafficSum traffic, long waitingBytes, @JsonUnwrapped Origin origin,
		List<Subscription> subscriptions, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String node) {

	/** Makes one of what a server has told just now. */
	static SocketView of(SocketTold told, Instant now) {
		return new SocketView(told.socket(), told.principal(), told.connected(), LinkView.before(now, told.age()),
				LinkView.before(now, told.lastFrame()), told.traffic(), told.waitingBytes(),
				new Origin(told.remoteAddress(), BrowserWords.of(told.userAgent()), told.userAgent()),
				told.subscriptions(), told.node());
	}

	/**
	 * Where a socket came from, and with what.
	 *
	 * @param remoteAddress null where that is not known
	 * @param browser in words
	 * @param userAgent what its client says that it is, or null where it says nothing
	 */
	record Origin(@Nullable String remoteAddress, String browser, @Nullable String userAgent) {

	}

	/** One subscription, by the id that the client gave it. */
	record Subscription(String id, String destination) {

	}

}
