package org.sessionlink.broker;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * The headers of a MESSAGE by which its client acknowledges it, in the version that the
 * client speaks: {@code ack} as of STOMP 1.2, {@code message-id} before.
 */
final class Acknowledgement {

	/** How often the message was delivered before. */
	static final String REDELIVERED = "redelivered";

	private static final String ACK = StompHeaderAccessor.STOMP_ACK_HEADER;

	private static final String MESSAGE_ID = StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER;

	private Acknowledgement() {
	}

	/** Returns the headers. */
	static Map<String, String> of(@Nullable String ack, int redelivered, String version) {
		Map<String, String> headers = new LinkedHashMap<>();
		if (ack != null) {
			headers.put("1.2".equals(version) ? ACK : MESSAGE_ID, ack);
		}
		if (redelivered > 0) {
			headers.put(REDELIVERED, Integer.toString(redelivered));
		}
		return headers;
	}

}
