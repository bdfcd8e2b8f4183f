package org.sessionlink.outbound;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/** How messages are written to one socket. Only one call at a time may be under way. */
interface Wire {

	/**
	 * Starts to write a message, and does not wait for a peer that does not read.
	 * @param written told once, on any thread, also on this one before this method
	 * returns: null, or what went wrong
	 */
	void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) throws IOException;

	/**
	 * Writes several messages as one, where the container can: each stays a WebSocket
	 * message of its own, but they share packets and system calls.
	 * @param written as above, once for all of them
	 */
	void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException;

	/** Returns whether {@link #writeTogether} waits for a peer that does not read. */
	boolean waits();

	/**
	 * Writes the last message of a socket that is about to be closed, on a thread that
	 * may wait for it a little.
	 */
	void writeLast(WebSocketMessage<?> message, long waitMillis) throws IOException, InterruptedException;

	/** Hears that a peer does not read what is being written to it. */
	default void stalled() {
	}

	/**
	 * Returns the best that the socket offers.
	 * @param workers threads that may block, for a socket that cannot be written to
	 * without
	 */
	static Wire of(WebSocketSession session, Executor workers) {
		Wire container = JakartaWire.of(session);
		return (container != null) ? container : new BlockingWire(session, workers);
	}

}
