package org.sessionlink.wire;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.session.AbstractHttpSockJsSession;

/**
 * How messages are written to one socket. Only one write at a time may be under way.
 *
 * <p>
 * Each write is said to be over once, on any thread, also on the caller's before the call
 * returns: with null, or with what went wrong.
 */
interface Wire {

	/** So many bytes go out as one, or a little more. */
	int MOST_TOGETHER = 64 * 1024;

	/** Starts to write a message, and does not wait for a peer that does not read. */
	void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) throws IOException;

	/**
	 * Writes several messages as one, where the container can: each stays a WebSocket
	 * message of its own, but they share packets and system calls. May wait for the peer
	 * where {@link #room} was asked by a thread that may.
	 */
	void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException;

	/**
	 * Returns how many bytes are to be written as one now; 0 for one message alone.
	 * @param mayWait whether the thread that asks may wait for the peer
	 */
	int room(boolean mayWait);

	/**
	 * Returns whether a thread of its own writes once it has time: then it takes messages
	 * only {@linkplain #writeTogether together}, as each is to be asked for when it goes
	 * out.
	 */
	default boolean writesLater() {
		return false;
	}

	/**
	 * Returns whether a thread that may wait for the peer writes even one message more
	 * cheaply {@linkplain #writeTogether together}: where {@link #write}, which waits for
	 * nobody, costs another thread.
	 */
	default boolean isCheaperTogether() {
		return false;
	}

	/**
	 * Answers a request that has come for messages, where that is how they go out.
	 * @return false, and does nothing, while another one is being answered
	 */
	default boolean answer(SocketLink.Step answer) throws Exception {
		answer.run();
		return true;
	}

	/** Drops what is under way and has not begun to be written. */
	default void drop() {
	}

	/**
	 * Keeps the socket's close for later, where its peer could not hear of it now.
	 * @return false where it is to be closed now
	 */
	default boolean closesLater(Runnable close) {
		return false;
	}

	/** Pings the peer, and may wait for it. */
	void ping(Consumer<@Nullable Throwable> written) throws IOException;

	/** Looks whether a thread waits for the peer at this moment. */
	boolean isWaiting();

	/**
	 * Gets ready for the container's close frame, after which nothing is written: where
	 * it could get into the middle of what is under way, the connection is broken off.
	 */
	default void beforeClose() {
	}

	/**
	 * Frees the thread that waits for the peer, if there is one: the socket is closed, or
	 * is broken.
	 */
	void free();

	/**
	 * Breaks the connection off, of a socket that has been closed: a peer that does not
	 * read does not answer a close frame either (RFC 6455, section 7.1.1), and would keep
	 * it for ever.
	 */
	void letGo();

	/**
	 * Returns the best that the socket offers.
	 * @param workers threads that may wait for peers, for a socket that cannot be written
	 * to otherwise
	 */
	static Wire of(WebSocketSession session, Executor workers) {
		Wire container = JakartaWire.of(session);
		if (container != null) {
			return container;
		}
		return (WebSocketSessionDecorator.unwrap(session) instanceof AbstractHttpSockJsSession http)
				? new SockJsWire(session, http, workers) : new BlockingWire(session, workers);
	}

}
