package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a socket that has closed (B53).
 *
 * @param socket its id
 * @param link the link that it was open under
 * @param principal the name of who was at the other end, or null for an anonymous visitor
 * @param code the code of the WebSocket's close, as whoever decided it has chosen
 * @param cause what decided that it closes
 * @param openedAt when its handshake came
 * @param age how long ago that was
 * @param silent for how long nothing was heard of its client
 * @param traffic what has gone through it
 * @param waiting how many bytes waited for its client as the close was decided
 * @param subscriptions how many it had
 * @param remoteAddress where it came from, or null where that is not known
 * @param userAgent what its client says that it is, or null where it says nothing
 */
public record SocketClosed(String socket, Link link, @Nullable String principal, int code, CloseCause cause,
		Instant openedAt, Duration age, Duration silent, TrafficSum traffic, long waiting, int subscriptions,
		@Nullable String remoteAddress, @Nullable String userAgent) {

}
