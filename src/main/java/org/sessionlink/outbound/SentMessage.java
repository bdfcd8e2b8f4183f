package org.sessionlink.outbound;

import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Subscriptions;

import org.springframework.web.socket.WebSocketMessage;

/**
 * A message that Spring has sent to a socket, of which only the frame in it says what it
 * is for; true as long as it may still go out.
 *
 * @param subscriptions those of the socket
 * @param nanos when it was sent
 */
record SentMessage(WebSocketMessage<?> message, Subscriptions subscriptions, long nanos) implements BooleanSupplier {

	/** Returns whether its client can do without it (B27). */
	boolean mayMiss(Sockets sockets) {
		if (sockets.settings().dropOldest().isEmpty()) {
			return false;
		}
		String destination = destination();
		return destination != null && sockets.mayMiss(destination);
	}

	/** Returns the destination of its subscription, or null where it has none. */
	@Nullable String destination() {
		EncodedFrame frame = EncodedFrame.of(this.message);
		return (frame != null) ? frame.destination(this.subscriptions) : null;
	}

	@Override
	public boolean getAsBoolean() {
		EncodedFrame frame = this.subscriptions.isAnyRevoked() ? EncodedFrame.of(this.message) : null;
		return frame == null || frame.isStillFor(this.subscriptions, this.nanos);
	}

}
