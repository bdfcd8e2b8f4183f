package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** Frames as Spring decodes them, and small limits to hold them against. */
final class Frames {

	private Frames() {
	}

	/** Returns the defaults, but with limits that a test reaches quickly. */
	static InboundSettings settings() {
		return settings(false);
	}

	static InboundSettings settings(boolean closeOnRefusal) {
		return new InboundSettings(Activity.MESSAGES,
				destinations("/app/**", "/topic/staff/**=STAFF", "/topic/**", "/user/queue/**"), closeOnRefusal, false,
				3, 1000, 5, 100, 0, 1000, ConnectLogin.IGNORED, PassedHeaders.NONE);
	}

	/**
	 * Returns settings by which clients may send to one pattern, and subscribe to these.
	 */
	static DestinationSettings destinations(String send, String... subscribe) {
		return new DestinationSettings(List.of(DestinationRule.of(send)),
				Arrays.stream(subscribe).map(DestinationRule::of).toList(), false, false);
	}

	static DestinationRules rules(DestinationSettings settings) {
		return new DestinationRules(settings, () -> new DestinationPrefixes(List.of(), List.of(), "/user/", List.of()));
	}

	/** Returns the one frame in this text, as it comes from this socket. */
	static Message<byte[]> of(String text, Map<String, Object> attributes) {
		Message<byte[]> frame = new StompDecoder().decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
			.get(0);
		StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(frame, StompHeaderAccessor.class);
		headers.setSessionId("the-socket");
		headers.setSessionAttributes(attributes);
		return frame;
	}

}
