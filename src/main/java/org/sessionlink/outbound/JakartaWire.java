package org.sessionlink.outbound;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.SendHandler;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;

/**
 * Writes to a container's WebSocket. How several messages become one write differs from
 * container to container, though all offer the same
 * {@link RemoteEndpoint#setBatchingAllowed batching}; where nothing is known of it they
 * are written one by one.
 */
class JakartaWire implements Wire {

	private final Session session;

	private final RemoteEndpoint.Async remote;

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

	final Session session() {
		return this.session;
	}

	final RemoteEndpoint.Async remote() {
		return this.remote;
	}

	@Override
	public final void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
		send(message, (result) -> written.accept(errorOf(result)));
	}

	@Override
	public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written)
			throws IOException {
		RemoteEndpoint.Basic basic = this.session.getBasicRemote();
		for (WebSocketMessage<?> message : messages) {
			if (message instanceof BinaryMessage binary) {
				basic.sendBinary(binary.getPayload().duplicate());
			}
			else {
				basic.sendText((String) message.getPayload());
			}
		}
		written.accept(null);
	}

	@Override
	public boolean waits() {
		return true;
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

	private static @Nullable Throwable errorOf(SendResult result) {
		if (result.isOK()) {
			return null;
		}
		return (result.getException() != null) ? result.getException() : new IOException("The container does not say");
	}

	@Override
	public void writeLast(WebSocketMessage<?> message, long waitMillis) throws InterruptedException {
		CountDownLatch written = new CountDownLatch(1);
		write(message, (error) -> written.countDown());
		written.await(waitMillis, TimeUnit.MILLISECONDS);
	}

	/**
	 * Several messages under way. Whoever ends the last, by one atomic decrement, tells
	 * of all; the first error is kept, by one compare-and-set.
	 */
	static final class Together implements SendHandler {

		private final AtomicInteger open = new AtomicInteger(1);

		private final AtomicReference<@Nullable Throwable> error = new AtomicReference<>();

		private final Consumer<@Nullable Throwable> written;

		Together(Consumer<@Nullable Throwable> written) {
			this.written = written;
		}

		void oneMore() {
			this.open.incrementAndGet();
		}

		@Override
		public void onResult(SendResult result) {
			Throwable failed = errorOf(result);
			if (failed != null) {
				this.error.compareAndSet(null, failed);
			}
			oneLess();
		}

		/** Says that there will be no more, or that one is written. */
		void oneLess() {
			if (this.open.decrementAndGet() == 0) {
				this.written.accept(this.error.get());
			}
		}

	}

}
