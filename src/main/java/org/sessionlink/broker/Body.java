package org.sessionlink.broker;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * The body of a message, decoded once and shared by all its frames: as text, or in binary
 * where that is asked for, or where it is not UTF-8, which text has to be (RFC 6455,
 * section 5.6).
 */
final class Body {

	static final Body NONE = new Body(new byte[0], false);

	private static final char REPLACEMENT = '\uFFFD';

	private final byte[] bytes;

	private final @Nullable String text;

	Body(byte[] bytes, boolean binary) {
		this.bytes = bytes;
		String decoded = new String(bytes, StandardCharsets.UTF_8);
		this.text = ((binary && bytes.length > 0) || isBroken(decoded, bytes)) ? null : decoded;
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

	/** Returns its length in bytes. */
	int length() {
		return this.bytes.length;
	}

	/** Returns a frame with this body behind a head. */
	WebSocketMessage<?> behind(String head) {
		if (this.text != null) {
			return new TextMessage(head + this.text + '\0');
		}
		byte[] first = head.getBytes(StandardCharsets.UTF_8);
		ByteBuffer frame = ByteBuffer.allocate(first.length + this.bytes.length + 1);
		frame.put(first).put(this.bytes).put((byte) 0).flip();
		return new BinaryMessage(frame.asReadOnlyBuffer());
	}

}
