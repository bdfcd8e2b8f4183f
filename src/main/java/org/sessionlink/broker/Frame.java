package org.sessionlink.broker;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.wire.Payload;

import org.springframework.web.socket.WebSocketMessage;

/**
 * A STOMP frame for clients: a head of its own, and a body that it shares. Made into a
 * WebSocket message when it is written; only a frame that many clients get keeps that.
 *
 * <p>
 * Safe for use by any thread: the message is kept by a write that may come twice.
 */
final class Frame implements Payload {

	private final String head;

	private final Body body;

	private final int bytes;

	private final boolean shared;

	private volatile @Nullable WebSocketMessage<?> kept;

	/**
	 * Makes a frame.
	 * @param shared whether many clients get it
	 */
	Frame(String head, Body body, boolean shared) {
		this.head = head;
		this.body = body;
		this.bytes = head.getBytes(StandardCharsets.UTF_8).length + body.length() + 1;
		this.shared = shared;
	}

	@Override
	public int bytes() {
		return this.bytes;
	}

	@Override
	public WebSocketMessage<?> message() {
		WebSocketMessage<?> message = this.kept;
		if (message == null) {
			message = this.body.behind(this.head);
			this.kept = this.shared ? message : null;
		}
		return message;
	}

}
