package org.sessionlink.broker;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Writes STOMP frames of a server as the version asks for that its client speaks: 1.2
 * escapes backslash, colon, line feed and carriage return in headers, 1.1 the first three
 * (a receiver must not accept others), 1.0 nothing ("Value Encoding" in each). What a
 * version cannot say is left out: no header may break out of its line.
 */
final class FrameEncoder {

	private static final char REPLACEMENT = '\uFFFD';

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
	 * Returns the frame as text, or in binary where that is asked for, or where the body
	 * is not UTF-8, which text has to be (RFC 6455, section 5.6).
	 */
	WebSocketMessage<?> message(byte[] body, boolean binary) {
		header("content-length", Integer.toString(body.length));
		return frame(body, binary);
	}

	/** Returns the frame without a body. */
	WebSocketMessage<?> message() {
		return frame(new byte[0], false);
	}

	private WebSocketMessage<?> frame(byte[] body, boolean binary) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream(this.head.length() + body.length + 2);
		frame.writeBytes(this.head.append('\n').toString().getBytes(StandardCharsets.UTF_8));
		frame.writeBytes(body);
		frame.write(0);
		byte[] bytes = frame.toByteArray();
		TextMessage text = new TextMessage(bytes);
		return ((binary && body.length > 0) || isBroken(text.getPayload(), bytes))
				? new BinaryMessage(ByteBuffer.wrap(bytes).asReadOnlyBuffer()) : text;
	}

	private static boolean isBroken(String text, byte[] bytes) {
		if (text.indexOf(REPLACEMENT) < 0) {
			return false;
		}
		try {
			// It may have been there before.
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return false;
		}
		catch (CharacterCodingException ex) {
			return true;
		}
	}

}
