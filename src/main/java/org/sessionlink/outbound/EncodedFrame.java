package org.sessionlink.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** Reads what Spring has encoded: a socket sees no more than bytes. */
final class EncodedFrame {

	private static final String MESSAGE = "MESSAGE\n";

	private static final StompDecoder decoder = new StompDecoder();

	private EncodedFrame() {
	}

	/** Returns the destination of a MESSAGE frame, or null of any other. */
	static @Nullable String destination(WebSocketMessage<?> message) {
		if (message instanceof TextMessage text) {
			return destination(text.getPayload());
		}
		if (message instanceof BinaryMessage binary) {
			return destination(StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString());
		}
		return null;
	}

	private static @Nullable String destination(String frame) {
		int end = frame.indexOf("\n\n");
		if (!frame.startsWith(MESSAGE) || end < 0) {
			return null;
		}
		return headers(frame.substring(0, end)).getDestination();
	}

	// Without the body, and so without its length.
	private static StompHeaderAccessor headers(String head) {
		String alone = head.replaceFirst("\ncontent-length:[^\n]*", "") + "\n\n\0";
		return StompHeaderAccessor.wrap(decoder.decode(ByteBuffer.wrap(alone.getBytes(StandardCharsets.UTF_8))).get(0));
	}

}
