package org.sessionlink.wire;

import org.springframework.web.socket.WebSocketMessage;

/**
 * What is sent to a socket: a message that need not be made before it is written. Safe
 * for use by any thread.
 */
public interface Payload {

	/** Returns how many bytes it takes. */
	int bytes();

	/** Returns the message, made now if it is not kept. */
	WebSocketMessage<?> message();

	/** Returns one whose message is there. */
	static Payload of(WebSocketMessage<?> message) {
		return new Ready(message);
	}

	/** A message that is there. */
	record Ready(WebSocketMessage<?> message) implements Payload {

		@Override
		public int bytes() {
			return this.message.getPayloadLength();
		}

	}

}
