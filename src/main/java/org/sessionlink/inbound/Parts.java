package org.sessionlink.inbound;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Makes whole WebSocket messages up to the limit of the parts that the container has,
 * whatever the size of its buffers (B34). Used by the thread that reads.
 */
final class Parts {

	private final FrameLimits limits;

	private final StringBuilder text = new StringBuilder(0);

	private final ByteArrayOutputStream binary = new ByteArrayOutputStream(0);

	private int count;

	Parts(FrameLimits limits) {
		this.limits = limits;
	}

	/** Returns how many parts are kept of a message that is not whole. */
	int count() {
		return this.count;
	}

	/**
	 * Takes the next part.
	 * @return the bytes of the message that it completes, or null
	 * @throws FrameRefusedException if the message is too large
	 */
	@Nullable ByteBuffer add(WebSocketMessage<?> part) {
		if (part instanceof TextMessage characters) {
			return addText(characters);
		}
		return (part instanceof BinaryMessage bytes) ? addBinary(bytes) : null;
	}

	private @Nullable ByteBuffer addText(TextMessage part) {
		this.limits.checkSize(kept() + part.getPayload().length());
		TextMessage whole = part;
		if (!part.isLast() || this.count > 0) {
			this.text.append(part.getPayload());
			this.count++;
			if (!part.isLast()) {
				return null;
			}
			whole = new TextMessage(this.text.toString());
			forget();
		}
		this.limits.checkSize(whole);
		return ByteBuffer.wrap(whole.asBytes());
	}

	private @Nullable ByteBuffer addBinary(BinaryMessage part) {
		this.limits.checkSize(kept() + part.getPayload().remaining());
		// Always a copy: an incomplete frame is kept, and the buffer may be the
		// container's.
		byte[] bytes = new byte[part.getPayload().remaining()];
		part.getPayload().get(bytes);
		this.binary.writeBytes(bytes);
		this.count++;
		if (!part.isLast()) {
			return null;
		}
		ByteBuffer whole = ByteBuffer.wrap(this.binary.toByteArray());
		forget();
		return whole;
	}

	private int kept() {
		return this.text.length() + this.binary.size();
	}

	private void forget() {
		this.text.setLength(0);
		this.text.trimToSize();
		this.binary.reset();
		this.count = 0;
	}

}
