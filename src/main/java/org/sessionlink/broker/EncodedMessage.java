package org.sessionlink.broker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.outbound.Publication;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.WebSocketMessage;

/**
 * A message as MESSAGE frames, one for each id of a subscription and version of STOMP,
 * encoded when the first subscriber needs it: browsers nearly all use the same ids.
 *
 * <p>
 * Used by the thread that publishes alone; the frames are safe for use by any.
 */
final class EncodedMessage implements Publication {

	private final Map<Key, WebSocketMessage<?>> frames = new HashMap<>(4);

	private final Map<String, List<String>> headers;

	private final byte[] body;

	private final String messageId;

	private final String destination;

	private final @Nullable MimeType contentType;

	/**
	 * Makes the message.
	 * @param messageId what tells it from others, if it says nothing itself
	 */
	EncodedMessage(Message<?> message, byte[] body, String destination, String messageId) {
		this.headers = nativeHeaders(message.getHeaders());
		this.body = body;
		this.messageId = messageId;
		// Whoever has subscribed to a user destination knows it by that name.
		this.destination = first(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION, destination);
		this.contentType = contentType(message.getHeaders().get(MessageHeaders.CONTENT_TYPE));
	}

	// As Spring's accessor reads it, which would copy all headers for that.
	private static @Nullable MimeType contentType(@Nullable Object value) {
		return (value == null || value instanceof MimeType) ? (MimeType) value : MimeType.valueOf(value.toString());
	}

	@SuppressWarnings("unchecked")
	private static Map<String, List<String>> nativeHeaders(MessageHeaders headers) {
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
	public WebSocketMessage<?> frame(String subscriptionId, String stompVersion) {
		return this.frames.computeIfAbsent(new Key(subscriptionId, stompVersion), this::encode);
	}

	private WebSocketMessage<?> encode(Key key) {
		FrameEncoder frame = new FrameEncoder("MESSAGE", key.version())
			.header(StompHeaderAccessor.STOMP_DESTINATION_HEADER, this.destination);
		if (this.contentType != null) {
			frame.header(StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, this.contentType.toString());
		}
		frame.header(StompHeaderAccessor.STOMP_SUBSCRIPTION_HEADER, key.subscriptionId());
		frame.header(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER,
				first(StompHeaderAccessor.STOMP_MESSAGE_ID_HEADER, this.messageId));
		this.headers.forEach((name, values) -> {
			if (isFurther(name)) {
				values.forEach((value) -> frame.header(name, value));
			}
		});
		return frame.message(this.body, MimeTypeUtils.APPLICATION_OCTET_STREAM.isCompatibleWith(this.contentType));
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
