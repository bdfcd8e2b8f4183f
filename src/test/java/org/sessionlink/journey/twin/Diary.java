package org.sessionlink.journey.twin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/** What the application has seen, by the tag that a socket brought in its handshake. */
final class Diary {

	static final String TAG = "tag";

	private final Map<String, List<String>> entries = new ConcurrentHashMap<>();

	/** Notes what has happened to the socket of a message, if it has a tag. */
	void note(Message<?> message, String entry) {
		note(tagOf(message.getHeaders()), entry);
	}

	void note(String tag, String entry) {
		if (tag != null) {
			this.entries.computeIfAbsent(tag, (first) -> new CopyOnWriteArrayList<>()).add(entry);
		}
	}

	String of(String tag) {
		return String.join("\n", this.entries.getOrDefault(tag, List.of()));
	}

	static String tagOf(MessageHeaders headers) {
		Map<String, Object> attributes = SimpMessageHeaderAccessor.getSessionAttributes(headers);
		if (attributes != null) {
			return (String) attributes.get(TAG);
		}
		Object connect = headers.get(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER);
		return (connect instanceof Message<?> message) ? tagOf(message.getHeaders()) : null;
	}

}
