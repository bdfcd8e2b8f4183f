package org.sessionlink.outbound;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;

/** Writes to a container's WebSocket without blocking a thread. */
final class JakartaWire implements Wire {

	// Only Tomcat knows it: how long a close frame waits behind what a peer does not
	// read; 20 seconds if nobody says otherwise.
	private static final String TOMCAT_TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private final RemoteEndpoint.Async remote;

	private JakartaWire(Session session) {
		this.remote = session.getAsyncRemote();
		session.getUserProperties().put(TOMCAT_TIMEOUT, 1000L);
	}

	/** Returns the wire of a container's own socket, or null where it is none. */
	static @Nullable JakartaWire of(WebSocketSession session) {
		Session container = (session instanceof StandardWebSocketSession standard)
				? standard.getNativeSession(Session.class) : null;
		return (container != null) ? new JakartaWire(container) : null;
	}

	@Override
	public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		SendHandler handler = (result) -> written.accept(result.isOK() ? null : errorOf(result.getException()));
		if (message instanceof TextMessage text) {
			this.remote.sendText(text.getPayload(), handler);
		}
		else if (message instanceof BinaryMessage binary) {
			this.remote.sendBinary(binary.getPayload(), handler);
		}
		else {
			throw new IllegalArgumentException("Neither text nor binary: " + message);
		}
	}

	private static Throwable errorOf(@Nullable Throwable error) {
		return (error != null) ? error : new IOException("The container does not say why");
	}

	@Override
	public void writeLast(WebSocketMessage<?> message, long waitMillis) throws InterruptedException {
		CountDownLatch written = new CountDownLatch(1);
		write(message, (error) -> written.countDown());
		written.await(waitMillis, TimeUnit.MILLISECONDS);
	}

}
