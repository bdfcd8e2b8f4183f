package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Attendee;
import org.sessionlink.link.PresenceNews;
import org.sessionlink.link.Subscription;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeTypeUtils;

/**
 * Who is at a destination as MESSAGE frames of that destination, marked by a header, for
 * the subscriptions that have asked for it alone: whatever broker the application has,
 * and encoded once for all.
 */
final class PresenceFrames implements PresenceNews {

	private final AtomicLong lastId = new AtomicLong();

	private final Sockets sockets;

	PresenceFrames(Sockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public void here(String destination, Map<Subscription, String> to, List<Attendee> present, int more) {
		Map<String, Object> list = new LinkedHashMap<>();
		list.put("present", views(present));
		list.put("more", more);
		send(destination, to, "here", list);
	}

	@Override
	public void changed(String destination, Map<Subscription, String> to, List<Attendee> joined, List<Attendee> left,
			int more) {
		Map<String, Object> change = new LinkedHashMap<>();
		change.put("joined", views(joined));
		change.put("left", views(left));
		change.put("more", more);
		send(destination, to, "changed", change);
	}

	private static List<Map<String, @Nullable Object>> views(List<Attendee> attendees) {
		return attendees.stream().map(PresenceFrames::view).toList();
	}

	private static Map<String, @Nullable Object> view(Attendee attendee) {
		Map<String, @Nullable Object> view = new LinkedHashMap<>();
		view.put("user", attendee.user());
		view.put("id", attendee.id());
		return view;
	}

	private void send(String destination, Map<Subscription, String> to, String kind, Map<String, Object> body) {
		byte[] json = Json.of(body).getBytes(StandardCharsets.UTF_8);
		Message<byte[]> message = MessageBuilder.withPayload(json)
			.setHeader(NativeMessageHeaderAccessor.NATIVE_HEADERS, Map.of(PresenceRequests.HEADER, List.of(kind)))
			.setHeader(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON)
			.build();
		this.sockets.publishTo(to, new EncodedMessage(message, json, destination,
				"presence-" + this.lastId.incrementAndGet(), this.sockets.now()));
	}

}
