package org.sessionlink.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.outbound.Publication;
import org.sessionlink.wire.Payload;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * A message as MESSAGE frames, one for each id of a subscription and version of STOMP:
 * browsers nearly all use the same ids. The body is kept once, whatever ids clients
 * choose, and so many frames at most (B45).
 *
 * <p>
 * Used by the thread that publishes alone; the frames are safe for use by any.
 */
final class EncodedMessage implements Publication {

	private static final int MOST_SHARED = 16;

	/** What it takes beside its headers and its body. */
	private static final int HEAD = 256;

	private final Map<Key, Frame> shared = new HashMap<>(4);

	private final Map<String, List<String>> headers;

	private final Body body;

	private final String messageId;

	private final String destination;

	private final @Nullable MimeType contentType;

	private final long begun;

	private final Map<String, String> further;

	/**
	 * Makes the message.
	 * @param begun when it began to be published, in nanoseconds of the clock
	 * @param messageId what tells it from others, if it says nothing itself
	 */
	EncodedMessage(Message<?> message, byte[] body, String destination, String messageId, long begun) {
		this.further = Map.of();
		this.headers = nativeHeaders(message.getHeaders());
		this.begun = begun;
		this.messageId = messageId;
		// Whoever has subscribed to a user destination knows it by that name.
		this.destination = first(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION, destination);
		this.contentType = contentType(message.getHeaders().get(MessageHeaders.CONTENT_TYPE));
		this.body = new Body(body, MimeTypeUtils.APPLICATION_OCTET_STREAM.isCompatibleWith(this.contentType));
	}

	/** Makes another of the same, of which nothing is encoded yet. */
	private EncodedMessage(EncodedMessage other, Map<String, String> further) {
		this.further = further;
		this.headers = other.headers;
		this.begun = other.begun;
		this.messageId = other.messageId;
		this.destination = other.destination;
		this.contentType = other.contentType;
		this.body = other.body;
	}

	/** Returns one to keep, without the frames that were made of this. */
	EncodedMessage kept() {
		return new EncodedMessage(this, Map.of());
	}

	/** Returns one with further headers for all who get it, made no more often. */
	EncodedMessage with(Map<String, String> further) {
		return new EncodedMessage(this, further);
	}

	/** Returns about how much memory it takes: the body is there as text, too. */
	long memory() {
		long head = HEAD;
		for (Map.Entry<String, List<String>> header : this.headers.entrySet()) {
			head += header.getKey().length() + (long) header.getValue().toString().length();
		}
		return head + 3L * this.body.length();
	}

	// As Spring's accessor reads it, which would copy all headers for that.
	static @Nullable MimeType contentType(@Nullable Object value) {
		return (value == null || value instanceof MimeType) ? (MimeType) value : MimeType.valueOf(value.toString());
	}

	@SuppressWarnings("unchecked")
	static Map<String, List<String>> nativeHeaders(MessageHeaders headers) {
		Map<String, List<String>> all = (Map<String, List<String>>) headers
			.get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		return (all != null) ? all : Map.of();
	}

	private String first(String name, String otherwise) {
		List<String> values = this.headers.get(name);
		return (values != null && !values.isEmpty()) ? values.get(0) : otherwise;
	}

	@Override
	public String destination() {
		return this.destination;
	}

	@Override
	public long begun() {
		return this.begun;
	}

	@Override
	public Payload frame(String subscriptionId, String stompVersion) {
		Key key = new Key(subscriptionId, stompVersion);
		Frame known = this.shared.get(key);
		if (known != null) {
			return known;
		}
		boolean share = this.shared.size() < MOST_SHARED;
		Frame frame = encode(key, share);
		if (share) {
			this.shared.put(key, frame);
		}
		return frame;
	}

	/**
	 * Returns the frame for a subscription, with further headers; by any thread.
	 */
	Frame frame(String subscriptionId, String version, Map<String, String> further) {
		return encode(new Key(subscriptionId, version), false, further);
	}

	private Frame encode(Key key, boolean share) {
		return encode(key, share, this.further);
	}

	private Frame encode(Key key, boolean share, Map<String, String> further) {
		FrameEncoder frame = new FrameEncoder("MESSAGE", key.version())
			.header(StompHeaderAccessor.STOMP_DESTINATION_HEADER, this.destination);
		if (this.contentType != null) {
			frame.header(StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, this.contentType.toString());
		}
		frame.header(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER, key.subscriptionId());
		if (!further.containsKey(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER)) {
			frame.header(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER,
					first(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, this.messageId));
		}
		further.forEach(frame::header);
		this.headers.forEach((name, values) -> {
			if (isFurther(name) && !further.containsKey(name)) {
				values.forEach((value) -> frame.header(name, value));
			}
		});
		return frame.frame(this.body, share);
	}

	private boolean isFurther(String name) {
		return switch (name) {
			case StompHeaderAccessor.STOMP_DESTINATION_HEADER, StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER,
					StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, StompHeaderAccessor.STOMP_CONTENT_LENGTH_HEADER,
					SimpMessageHeaderAccessor.ORIGINAL_DESTINATION ->
				false;
			case StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER -> this.contentType == null;
			default -> true;
		};
	}

	private record Key(String subscriptionId, String version) {
	}

}
