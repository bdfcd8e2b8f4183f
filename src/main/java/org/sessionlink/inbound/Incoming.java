package org.sessionlink.inbound;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.web.socket.WebSocketSession;

/**
 * What is known of one socket's incoming frames from one to the next. Used by one frame
 * after the other, never by two at once.
 */
final class Incoming {

	private static final String ATTRIBUTE = Incoming.class.getName();

	private final Set<Refused> loggedReasons = EnumSet.noneOf(Refused.class);

	private final StringBuilder text = new StringBuilder();

	private final ByteArrayOutputStream binary = new ByteArrayOutputStream(0);

	private @Nullable WebSocketSession session;

	private int parts;

	private long frames;

	private boolean disconnected;

	private boolean refused;

	private @Nullable Message<byte[]> error;

	static Incoming in(Map<String, Object> attributes) {
		return (Incoming) attributes.computeIfAbsent(ATTRIBUTE, (key) -> new Incoming());
	}

	/** Remembers over what the client is answered. */
	void comesFrom(WebSocketSession opened) {
		this.session = opened;
	}

	@Nullable WebSocketSession session() {
		return this.session;
	}

	/** Remembers that one more frame was whole. */
	void frameSeen() {
		this.frames++;
	}

	/** Returns how many frames have been whole so far. */
	long frames() {
		return this.frames;
	}

	/** Remembers that the client said DISCONNECT; returns whether it had before. */
	boolean disconnect() {
		boolean before = this.disconnected;
		this.disconnected = true;
		return before;
	}

	boolean isDisconnected() {
		return this.disconnected;
	}

	/** Remembers that a frame was refused so that no other may follow. */
	void refuseAll() {
		this.refused = true;
	}

	/** Remembers that, and the ERROR frame that says so. */
	void refuseAll(@Nullable Message<byte[]> errorFrame) {
		this.refused = true;
		this.error = errorFrame;
	}

	@Nullable Message<byte[]> error() {
		return this.error;
	}

	boolean isRefused() {
		return this.refused;
	}

	/** Returns whether this is the first time that this reason is to be logged. */
	boolean isNews(Refused reason) {
		return this.loggedReasons.add(reason);
	}

	/** Keeps a part of a text message; returns how many parts there are by now. */
	int keep(String part) {
		this.text.append(part);
		return ++this.parts;
	}

	/** Keeps a part of a binary message; returns how many parts there are by now. */
	int keep(ByteBuffer part) {
		byte[] bytes = new byte[part.remaining()];
		part.get(bytes);
		this.binary.writeBytes(bytes);
		return ++this.parts;
	}

	/** Returns how many characters and bytes are kept of a message that is not whole. */
	int kept() {
		return this.text.length() + this.binary.size();
	}

	/** Returns the text that was kept, and forgets it. */
	String takeText() {
		String whole = this.text.toString();
		forget();
		return whole;
	}

	/** Returns the bytes that were kept, and forgets them. */
	byte[] takeBinary() {
		byte[] whole = this.binary.toByteArray();
		forget();
		return whole;
	}

	private void forget() {
		this.text.setLength(0);
		this.text.trimToSize();
		this.binary.reset();
		this.parts = 0;
	}

}
