package org.sessionlink.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Subscriptions;

import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * What can be read of a MESSAGE frame that Spring has encoded: a socket sees no more than
 * bytes.
 */
record EncodedFrame(@Nullable String destination, @Nullable String subscription) {

	private static final String MESSAGE = "MESSAGE\n";

	private static final StompDecoder decoder = new StompDecoder();

	/** Reads a MESSAGE frame; null of any other. */
	static @Nullable EncodedFrame of(WebSocketMessage<?> message) {
		if (message instanceof TextMessage text) {
			return of(text.getPayload());
		}
		if (message instanceof BinaryMessage binary) {
			return of(StandardCharsets.UTF_8.decode(binary.getPayload().duplicate()).toString());
		}
		return null;
	}

	private static @Nullable EncodedFrame of(String frame) {
		int end = frame.indexOf("\n\n");
		if (!frame.startsWith(MESSAGE) || end < 0) {
			return null;
		}
		StompHeaderAccessor headers = headers(frame.substring(0, end));
		return new EncodedFrame(headers.getDestination(), headers.getSubscriptionId());
	}

	// Without the body, and so without its length.
	private static StompHeaderAccessor headers(String head) {
		String alone = head.replaceFirst("\ncontent-length:[^\n]*", "") + "\n\n\0";
		return StompHeaderAccessor.wrap(decoder.decode(ByteBuffer.wrap(alone.getBytes(StandardCharsets.UTF_8))).get(0));
	}

	/**
	 * Returns whether it may go out to its subscription, which has to be the one that
	 * there was when it was sent.
	 */
	boolean isStillFor(Subscriptions subscriptions, long sent) {
		Subscription now = of(subscriptions);
		return this.subscription == null || (now != null && now.getAsBoolean() && now.isOlderThan(sent));
	}

	/**
	 * Returns the destination that the client has asked for: an interceptor of the
	 * application may have written another one into the frame.
	 */
	@Nullable String destination(Subscriptions subscriptions) {
		Subscription now = of(subscriptions);
		return (now != null) ? now.destination() : this.destination;
	}

	private @Nullable Subscription of(Subscriptions subscriptions) {
		return (this.subscription != null) ? subscriptions.get(this.subscription) : null;
	}

}
