package org.sessionlink.outbound;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.wire.Payload;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/** A frame for sockets that take no binary messages (B34). */
record AsText(Payload frame) implements Payload {

	/**
	 * Returns a frame as text; null where it has bytes that are none.
	 * @param none told then
	 */
	static @Nullable Payload of(Payload frame, Runnable none) {
		if (!(frame.message() instanceof BinaryMessage binary)) {
			return frame;
		}
		try {
			decoded(binary);
			return new AsText(frame);
		}
		catch (CharacterCodingException ex) {
			none.run();
			return null;
		}
	}

	@Override
	public int bytes() {
		return this.frame.bytes();
	}

	// Made when it is written, as the frame may be kept once for many.
	@Override
	public WebSocketMessage<?> message() {
		try {
			return new TextMessage(decoded((BinaryMessage) this.frame.message()));
		}
		catch (CharacterCodingException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static CharSequence decoded(BinaryMessage message) throws CharacterCodingException {
		ByteBuffer bytes = message.getPayload().duplicate();
		return StandardCharsets.UTF_8.newDecoder().decode(bytes);
	}

}
