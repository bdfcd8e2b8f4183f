package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;

import org.sessionlink.link.HeaderText;

import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/** Writes STOMP frames of a server in the version that its client speaks. */
final class FrameEncoder {

	private final StringBuilder head = new StringBuilder(160);

	private final String version;

	FrameEncoder(String command, String version) {
		this.head.append(command).append('\n');
		this.version = version;
	}

	/** Begins the RECEIPT that a client has asked for. */
	static FrameEncoder receipt(String id, String version) {
		return new FrameEncoder("RECEIPT", version).header(StompHeaderAccessor.STOMP_RECEIPT_ID_HEADER, id);
	}

	FrameEncoder header(String name, String value) {
		HeaderText.add(this.head, name, value, this.version);
		return this;
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
