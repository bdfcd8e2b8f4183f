package org.sessionlink.inbound;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.sessionlink.link.SocketLink;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ExceptionWebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Gives WebSocket messages with frames for {@link Blocking} methods to handler threads,
 * and keeps what comes behind them on the same socket in order (B33); all others are
 * handled on the thread that reads them.
 *
 * <p>
 * Stands in front of everything else that looks at a message: what is said about a frame,
 * and to whom, is the same on either thread.
 */
final class BlockingHandler extends WebSocketHandlerDecorator {

	private static final Log logger = LogFactory.getLog(BlockingHandler.class);

	private final Supplier<BlockingDestinations> destinations;

	private final HandlerThreads threads;

	private final SignOfLife sign;

	private final int messageSize;

	/**
	 * Stands in front of this handler.
	 * @param destinations known once the first socket opens
	 * @param messageSize how many bytes of a socket may wait
	 */
	BlockingHandler(WebSocketHandler delegate, Supplier<BlockingDestinations> destinations, HandlerThreads threads,
			SignOfLife sign, int messageSize) {
		super(delegate);
		this.destinations = destinations;
		this.threads = threads;
		this.sign = sign;
		this.messageSize = messageSize;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		if (!this.destinations.get().isEmpty()) {
			new HeldSocket(new Lookout(this.destinations.get()), new HeldMessages(this.messageSize))
				.putInto(session.getAttributes());
		}
		super.afterConnectionEstablished(session);
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		HeldSocket socket = this.destinations.get().isEmpty() ? null : HeldSocket.in(session.getAttributes());
		if (socket == null || !hold(session, message, socket)) {
			super.handleMessage(session, message);
		}
	}

	/** Returns whether the message needs nothing more from this thread. */
	private boolean hold(WebSocketSession session, WebSocketMessage<?> message, HeldSocket socket)
			throws InterruptedException {
		boolean blocks = socket.lookout().sees(message);
		HeldMessages messages = socket.messages();
		if (messages.isTaken()) {
			this.sign.of(session);
			if (message instanceof PongMessage && isPaidFor(session)) {
				return true;
			}
		}
		else if (!blocks) {
			return false;
		}
		return switch (messages.add(copy(message), blocks)) {
			case NONE -> false;
			case BEHIND -> true;
			case FIRST -> run(new Turn(session, messages));
		};
	}

	// Of a pong there is nothing more to know than that it came.
	private static boolean isPaidFor(WebSocketSession session) {
		SocketLink socket = SocketLink.in(session.getAttributes());
		return socket != null && socket.link().takeFrames(1);
	}

	// The buffer is the container's.
	private static WebSocketMessage<?> copy(WebSocketMessage<?> message) {
		if (message instanceof BinaryMessage binary) {
			ByteBuffer payload = binary.getPayload();
			byte[] bytes = new byte[payload.remaining()];
			payload.duplicate().get(bytes);
			return new BinaryMessage(ByteBuffer.wrap(bytes), binary.isLast());
		}
		return (message instanceof PongMessage) ? new PongMessage() : message;
	}

	private boolean run(Turn turn) {
		boolean runs = this.threads.run(turn);
		if (!runs) {
			turn.messages.takeBack();
		}
		return runs;
	}

	/** Drops what waits, and passes on at once that the socket has closed. */
	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		HeldSocket socket = HeldSocket.in(session.getAttributes());
		if (socket != null) {
			socket.messages().close();
		}
		super.afterConnectionClosed(session, status);
	}

	/** What a handler thread does for a socket. */
	private final class Turn implements HandlerThreads.Task {

		private final WebSocketSession session;

		private final HeldMessages messages;

		Turn(WebSocketSession session, HeldMessages messages) {
			this.session = session;
			this.messages = messages;
		}

		/** Handles what waits, but lets other sockets go before what may wait again. */
		@Override
		public void run() {
			WebSocketMessage<?> message = this.messages.next();
			while (message != null) {
				handle(message);
				if (BlockingHandler.this.threads.isStopped()) {
					drop();
				}
				if (this.messages.isNextBlocking() && BlockingHandler.this.threads.runIfRoom(this)) {
					return;
				}
				message = this.messages.next();
			}
		}

		// As Spring does it on the thread that reads, but for errors too: with this
		// thread the socket would be stuck.
		private void handle(WebSocketMessage<?> message) {
			try {
				getDelegate().handleMessage(this.session, message);
			}
			catch (Throwable ex) {
				ExceptionWebSocketHandlerDecorator.tryCloseWithError(this.session, ex, logger);
			}
		}

		@Override
		public void drop() {
			this.messages.close();
		}

	}

}
