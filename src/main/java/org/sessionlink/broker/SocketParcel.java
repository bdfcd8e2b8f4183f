package org.sessionlink.broker;

import java.util.Map;

import org.sessionlink.link.Subscription;
import org.sessionlink.link.Telling;
import org.sessionlink.outbound.Sockets;

/**
 * A message that goes to sockets directly.
 *
 * @param message of which nothing is kept that was encoded for others
 */
record SocketParcel(EncodedMessage message, Sockets sockets, Numbers.Number number) implements Parcel {

	@Override
	public long bytes() {
		return this.message.memory();
	}

	@Override
	public long begun() {
		return this.message.begun();
	}

	@Override
	public void to(String socketId, Subscription subscription, Map<String, String> headers) {
		Telling.tell("Sending to a socket", () -> this.sockets.deliver(socketId, subscription,
				(version) -> this.message.frame(subscription.id(), version, headers)));
	}

}
