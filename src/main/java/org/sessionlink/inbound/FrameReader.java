package org.sessionlink.inbound;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

/**
 * Makes frames of what the container reads, and hands them to the socket's queue: never
 * waits, and keeps nothing that was not paid for.
 */
final class FrameReader extends WebSocketHandlerDecorator {

	private static final Logger logger = LoggerFactory.getLogger(FrameReader.class);

	private final FrameLimits limits;

	private final SafeErrorHandler errors;

	private final Refusals refusals;

	private final Supplier<FrameQueue.Factory> queues;

	private final Supplier<Transactions> transactions;

	/**
	 * Makes it.
	 * @param transactions makes those of one socket
	 */
	FrameReader(WebSocketHandler delegate, FrameLimits limits, SafeErrorHandler errors, Refusals refusals,
			Supplier<FrameQueue.Factory> queues, Supplier<Transactions> transactions) {
		super(delegate);
		this.limits = limits;
		this.errors = errors;
		this.refusals = refusals;
		this.queues = queues;
		this.transactions = transactions;
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Incoming incoming = Incoming.in(session.getAttributes());
		FrameHandler handler = new FrameHandler(session, getDelegate(), this.errors, this.refusals);
		new Inlet(incoming, new Arrivals(handler.link(), this.limits, incoming.pulse()), this.transactions.get(),
				this.queues.get().open(handler))
			.putInto(session.getAttributes());
		int room = session.getTextMessageSizeLimit();
		super.afterConnectionEstablished(session);
		// Spring asks for room for whole messages, which Tomcat then keeps for each
		// socket: those of SockJS alone come whole.
		if (session.isOpen() && session.getTextMessageSizeLimit() != room
				&& !(WebSocketSessionDecorator.unwrap(session) instanceof SockJsSession)) {
			session.setTextMessageSizeLimit(room);
		}
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		Inlet inlet = Inlet.in(session.getAttributes());
		SocketLink link = SocketLink.in(session.getAttributes());
		if (inlet == null && link != null) {
			// A request of SockJS comes while the one that opens is not done yet.
			link.inTurn(() -> logger.debug("Socket {} is open", session.getId()));
			inlet = Inlet.in(session.getAttributes());
		}
		if (inlet != null && inlet.add(message)) {
			inlet.queue.work();
		}
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		Inlet inlet = Inlet.in(session.getAttributes());
		if (inlet != null) {
			inlet.close();
		}
		super.afterConnectionClosed(session, status);
	}

	/**
	 * Where one socket's messages become frames in its queue, in one step under its lock:
	 * the transports of SockJS bring several at once.
	 */
	private static final class Inlet {

		private static final String ATTRIBUTE = Inlet.class.getName();

		private final Incoming incoming;

		private final Arrivals arrivals;

		private final Transactions transactions;

		private final FrameQueue queue;

		Inlet(Incoming incoming, Arrivals arrivals, Transactions transactions, FrameQueue queue) {
			this.incoming = incoming;
			this.arrivals = arrivals;
			this.transactions = transactions;
			this.queue = queue;
		}

		static @Nullable Inlet in(Map<String, Object> attributes) {
			return (Inlet) attributes.get(ATTRIBUTE);
		}

		void putInto(Map<String, Object> attributes) {
			attributes.put(ATTRIBUTE, this);
		}

		synchronized boolean add(WebSocketMessage<?> message) {
			if (this.incoming.isRefused()) {
				return false;
			}
			List<Frame> frames = this.transactions.sort(this.arrivals.of(message));
			return !frames.isEmpty() && this.queue.add(frames);
		}

		void close() {
			this.queue.close();
			forget();
		}

		private synchronized void forget() {
			this.transactions.clear();
		}

	}

}
