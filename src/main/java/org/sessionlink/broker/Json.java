package org.sessionlink.broker;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Writes small objects as JSON (RFC 8259): no converter of the application's is needed,
 * or asked, for what is not its own.
 */
final class Json {

	private Json() {
	}

	/** Returns an object of text, numbers and null, and of lists of such objects. */
	static String of(Map<String, ? extends @Nullable Object> object) {
		return value(object);
	}

	private static String value(@Nullable Object value) {
		if (value instanceof Map<?, ?> object) {
			return object.entrySet()
				.stream()
				.map((entry) -> text(String.valueOf(entry.getKey())) + ':' + value(entry.getValue()))
				.collect(Collectors.joining(",", "{", "}"));
		}
		if (value instanceof List<?> list) {
			return list.stream().map(Json::value).collect(Collectors.joining(",", "[", "]"));
		}
		return (value instanceof String string) ? text(string) : String.valueOf(value);
	}

	private static String text(String text) {
		StringBuilder written = new StringBuilder(text.length() + 2).append('"');
		text.chars().forEach((c) -> {
			if (c == '"' || c == '\\') {
				written.append('\\').append((char) c);
			}
			else if (c < ' ') {
				written.append(String.format("\\u%04x", c));
			}
			else {
				written.append((char) c);
			}
		});
		return written.append('"').toString();
	}

}
