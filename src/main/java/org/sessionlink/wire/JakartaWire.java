package org.sessionlink.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

/**
 * Writes to a container's WebSocket. How several messages become one write differs from
 * container to container, though all offer the same
 * {@link RemoteEndpoint#setBatchingAllowed batching}; where nothing is known of it they
 * are written one by one.
 */
class JakartaWire implements Wire {

	private final Session session;

	private final RemoteEndpoint.Async remote;

	private final WaitingThread waiting = new WaitingThread();

	JakartaWire(Session session) {
		this.session = session;
		this.remote = session.getAsyncRemote();
	}

	/** Returns the wire of a container's own socket, or null where it is none. */
	static @Nullable JakartaWire of(WebSocketSession session) {
		Session container = (session instanceof StandardWebSocketSession standard)
				? standard.getNativeSession(Session.class) : null;
		if (container == null) {
			return null;
		}
		String vendor = container.getClass().getName();
		if (vendor.startsWith("org.apache.tomcat.")) {
			return new TomcatWire(container);
		}
		if (vendor.startsWith("org.eclipse.jetty.")) {
			return new JettyWire(container);
		}
		return vendor.startsWith("io.undertow.") ? new UndertowWire(container) : new JakartaWire(container);
	}

	/**
	 * Returns what can break off the connection beneath a socket that is wrapped, or null
	 * where that is none of a container's WebSockets.
	 */
	static @Nullable JakartaWire beneath(WebSocketSession wrapped) {
		Session container = (WebSocketSessionDecorator.unwrap(wrapped) instanceof NativeWebSocketSession socket)
				? socket.getNativeSession(Session.class) : null;
		return (container != null) ? new JakartaWire(container) : null;
	}

	final Session session() {
		return this.session;
	}

	final RemoteEndpoint.Async remote() {
		return this.remote;
	}

	final WaitingThread waiting() {
		return this.waiting;
	}

	@Override
	public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		send(message, (result) -> written.accept(errorOf(result)));
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		Together together = new Together(written);
		sendAll(messages, together);
		together.oneLess();
	}

	/** Sends these, and has all their results told as one. */
	final void sendAll(Iterable<WebSocketMessage<?>> messages, Together together) {
		for (WebSocketMessage<?> message : messages) {
			together.oneMore();
			send(message, together);
		}
	}

	private void send(WebSocketMessage<?> message, SendHandler handler) {
		if (message instanceof BinaryMessage binary) {
			// A duplicate, as others are sent the same one.
			this.remote.sendBinary(binary.getPayload().duplicate(), handler);
		}
		else {
			this.remote.sendText((String) message.getPayload(), handler);
		}
	}

	static @Nullable Throwable errorOf(SendResult result) {
		if (result.isOK()) {
			return null;
		}
		return (result.getException() != null) ? result.getException() : new IOException("The container does not say");
	}

	@Override
	public int room(boolean mayWait) {
		return 0;
	}

	@Override
	public void ping(Consumer<@Nullable Throwable> written) throws IOException {
		this.waiting.during(this::ping);
		written.accept(null);
	}

	/** Pings on this thread, which others cannot free. */
	final void ping() throws IOException {
		this.session.getBasicRemote().sendPing(ByteBuffer.allocate(0));
	}

	@Override
	public boolean isWaiting() {
		return this.waiting.isWaiting();
	}

	@Override
	public void free() {
		this.waiting.free();
	}

	@Override
	public void letGo() {
		ConnectionBeneath.breakOff(this.session, this.remote);
	}

}
