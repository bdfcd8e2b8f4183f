package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/** An ERROR frame of the broker, which ends its connection. */
final class RefusedByBroker extends Exception {

	private static final long serialVersionUID = 1L;

	private @Nullable String receipt;

	RefusedByBroker(StompHeaderAccessor frame, byte[] body) {
		super(frame.getMessage() + (body.length > 0 ? ": " + new String(body, StandardCharsets.UTF_8).strip() : ""));
		this.receipt = frame.getReceiptId();
	}

	/** Returns the receipt that the frame asks for which is refused, or null. */
	@Nullable String receipt() {
		return this.receipt;
	}

	/** Says which receipt that is to the client. */
	void receipt(@Nullable String ofClient) {
		this.receipt = ofClient;
	}

}
