package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;

/**
 * Writes STOMP frames of a server as the version asks for that its client speaks: 1.2
 * escapes backslash, colon, line feed and carriage return in headers, 1.1 the first three
 * (a receiver must not accept others), 1.0 nothing ("Value Encoding" in each). What a
 * version cannot say is left out: no header may break out of its line.
 */
final class FrameEncoder {

	private final StringBuilder head = new StringBuilder(160);

	private final String version;

	FrameEncoder(String command, String version) {
		this.head.append(command).append('\n');
		this.version = version;
	}

	FrameEncoder header(String name, String value) {
		escape(name);
		this.head.append(':');
		escape(value);
		this.head.append('\n');
		return this;
	}

	private void escape(String text) {
		int start = 0;
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character == '\\' || character == ':' || character == '\n' || character == '\r') {
				this.head.append(text, start, i).append(escaped(character));
				start = i + 1;
			}
		}
		this.head.append(text, start, text.length());
	}

	private String escaped(char character) {
		boolean escapes = !this.version.equals("1.0");
		return switch (character) {
			case '\\' -> escapes ? "\\\\" : "\\";
			case ':' -> escapes ? "\\c" : ":";
			case '\n' -> escapes ? "\\n" : "";
			default -> this.version.equals("1.2") ? "\\r" : "";
		};
	}

	/**
	 * Returns the frame with a body, and its length in bytes.
	 * @param shared whether many clients get it
	 */
	Frame frame(Body body, boolean shared) {
		header("content-length", Integer.toString(body.length()));
		return new Frame(head(), body, shared);
	}

	/** Returns the frame without a body. */
	Frame frame() {
		return new Frame(head(), Body.NONE, false);
	}

	// What is no character, half a surrogate pair, no container would write.
	private String head() {
		String written = this.head.append('\n').toString();
		boolean plain = written.chars().noneMatch((c) -> Character.isSurrogate((char) c));
		return plain ? written : new String(written.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
	}

}
