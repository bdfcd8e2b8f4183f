package org.sessionlink.broker;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Telling;
import org.sessionlink.outbound.Sockets;

/**
 * A message that goes to sockets directly.
 *
 * @param message of which nothing is kept that was encoded for others
 */
record SocketParcel(EncodedMessage message, Sockets sockets) implements Parcel {

	@Override
	public long bytes() {
		return this.message.memory();
	}

	@Override
	public long begun() {
		return this.message.begun();
	}

	@Override
	public void to(Taker taker, @Nullable String ack, int redelivered) {
		Telling.tell("Sending to a socket", () -> this.sockets.deliver(taker.socketId(), taker.subscription(),
				(version) -> this.message.frame(taker.subscription().id(), version, ack, redelivered)));
	}

}
