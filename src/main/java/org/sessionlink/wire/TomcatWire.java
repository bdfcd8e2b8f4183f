package org.sessionlink.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Tomcat's WebSocket: its basic remote batches, and waits for the peer as it flushes; its
 * asynchronous one takes one message at a time, and a thread for each to say that it is
 * written.
 *
 * <p>
 * Whoever closes takes the batch out of the hands of who writes, so that a close frame,
 * or what was to be written later, can get into the middle of a frame; a write that is
 * interrupted or that runs out of time leaves half a frame behind, and Tomcat puts a
 * close frame after that. So there is no close frame while something is being written:
 * the connection is broken off, which to the peer is the end as well.
 */
final class TomcatWire extends WaitingWire {

	private static final Logger logger = LoggerFactory.getLogger(TomcatWire.class);

	// How long Tomcat waits for a peer that does not read: with a flush, and with a close
	// frame behind what is being written; 20 seconds if nobody says otherwise.
	private static final String TIMEOUT = "org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT";

	private static final Long CLOSING = Duration.ofSeconds(1).toMillis();

	// The outbox closes the socket long before.
	private static final Long WRITING = Duration.ofDays(1).toMillis();

	// Of a connection that is broken off nobody has to be told.
	private static final Long NOT_AT_ALL = 1L;

	// Tomcat gives them out no more once the socket has closed.
	private final Map<String, Object> properties;

	private volatile int looks;

	private int seen;

	TomcatWire(Session session) {
		super(session);
		this.properties = session.getUserProperties();
		this.properties.put(TIMEOUT, CLOSING);
	}

	@Override
	void flushTogether(Iterable<WebSocketMessage<?>> messages, Together together) throws IOException {
		RemoteEndpoint.Basic basic = session().getBasicRemote();
		takeTime();
		try {
			basic.setBatchingAllowed(true);
			for (WebSocketMessage<?> message : messages) {
				takeTimeAgain();
				if (!basic.getBatchingAllowed()) {
					// What is batched goes out with that; this would go out before it.
					throw new IOException("Somebody closes the socket");
				}
				send(basic, message);
			}
			takeTimeAgain();
			// Flushes.
			basic.setBatchingAllowed(false);
		}
		finally {
			this.properties.put(TIMEOUT, CLOSING);
		}
	}

	@Override
	public boolean isCheaperTogether() {
		return true;
	}

	private static void send(RemoteEndpoint.Basic basic, WebSocketMessage<?> message) throws IOException {
		if (message instanceof BinaryMessage binary) {
			// A duplicate, as others are sent the same one.
			basic.sendBinary(binary.getPayload().duplicate());
		}
		else {
			basic.sendText((String) message.getPayload());
		}
	}

	@Override
	public void ping(Consumer<@Nullable Throwable> written) throws IOException {
		takeTime();
		try {
			super.ping(written);
		}
		finally {
			this.properties.put(TIMEOUT, CLOSING);
		}
	}

	// Tomcat looks at the time as each message begins.
	private void takeTimeAgain() {
		if (this.seen != this.looks) {
			takeTime();
		}
	}

	private synchronized void takeTime() {
		this.seen = this.looks;
		this.properties.put(TIMEOUT, WRITING);
	}

	// Whoever closes looks at the time as the close begins, and must not wait as long as
	// who writes. That one, once it waits no more, finds that somebody has looked.
	@Override
	public synchronized boolean isWaiting() {
		this.looks++;
		boolean waits = super.isWaiting();
		if (waits) {
			this.properties.put(TIMEOUT, CLOSING);
		}
		return waits;
	}

	@Override
	public void beforeClose() {
		free();
	}

	@Override
	public void free() {
		this.properties.put(TIMEOUT, CLOSING);
		if (waiting().stop()) {
			this.properties.put(TIMEOUT, NOT_AT_ALL);
			letGo();
			stopBatching();
		}
		super.free();
	}

	// Or Tomcat would flush as it closes, and say loudly that it cannot.
	private void stopBatching() {
		try {
			remote().setBatchingAllowed(false);
		}
		catch (IOException | IllegalStateException ex) {
			logger.trace("Tomcat has found the connection broken off", ex);
		}
	}

}
