package org.sessionlink.inbound;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;

/**
 * What is known of one socket's handled frames from one to the next. Changed while one of
 * them is handled, and by the socket's closing; never by two threads at once.
 */
final class Incoming {

	private static final String ATTRIBUTE = Incoming.class.getName();

	private final Set<Refused> loggedReasons = EnumSet.noneOf(Refused.class);

	private final Pulse pulse = new Pulse();

	private volatile boolean disconnected;

	// Read by the thread that reads, too.
	private volatile boolean refused;

	private @Nullable Message<byte[]> error;

	static Incoming in(Map<String, Object> attributes) {
		return (Incoming) attributes.computeIfAbsent(ATTRIBUTE, (key) -> new Incoming());
	}

	/** Returns what the socket's heart-beats are held against. */
	Pulse pulse() {
		return this.pulse;
	}

	/** Remembers that the client said DISCONNECT. */
	void disconnect() {
		this.disconnected = true;
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

}
