package org.sessionlink.outbound;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.sessionlink.link.Crew;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.SocketPresence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.MessagingException;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Gives each linked socket its gate as it opens, registers it with its link, and lets
 * nothing about it happen at the same time.
 */
final class GatedHandler extends WebSocketHandlerDecorator {

	private static final Logger logger = LoggerFactory.getLogger(GatedHandler.class);

	/** Of a socket whose id is that of an open one, as clients of SockJS choose it. */
	private static final String TWIN = GatedHandler.class.getName() + ".twin";

	private final Sockets sockets;

	private final Supplier<SubscriptionControl> subscriptions;

	private final Consumer<GatedSocket> opening;

	GatedHandler(WebSocketHandler delegate, Sockets sockets, Supplier<SubscriptionControl> subscriptions) {
		this(delegate, sockets, subscriptions, (socket) -> {
		});
	}

	/**
	 * Makes the handler.
	 * @param opening hears of each socket before its first frame
	 */
	GatedHandler(WebSocketHandler delegate, Sockets sockets, Supplier<SubscriptionControl> subscriptions,
			Consumer<GatedSocket> opening) {
		super(delegate);
		this.sockets = sockets;
		this.subscriptions = subscriptions;
		this.opening = opening;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		SocketLink socketLink = SocketLink.in(session.getAttributes());
		if (socketLink == null) {
			// The guard refuses its frames; nothing else reaches it.
			super.afterConnectionEstablished(session);
			return;
		}
		GatedSocket socket = new GatedSocket(session, socketLink, this.sockets, this.subscriptions);
		if (!this.sockets.add(socket)) {
			socketLink.link().refused(Refused.UNEXPECTED);
			// Nothing behind this knows of it, and must not forget the other.
			session.getAttributes().put(TWIN, true);
			session.close(CloseStatus.POLICY_VIOLATION.withReason(Refused.UNEXPECTED.code()));
			return;
		}
		socket.putInto(session.getAttributes());
		socketLink.link().socketOpened(socket);
		this.opening.accept(socket);
		socketLink.whenHeard(socket.silence()::end);
		socketLink.takesTurns((step) -> inTurn(socket, step));
		socket.turn().take(() -> {
			super.afterConnectionEstablished(socket);
			register(socket);
		});
	}

	private void register(GatedSocket socket) {
		Link link = socket.socketLink().link();
		switch (link.add(socket)) {
			case OPEN -> {
				logger.debug("Socket {} of session {} open", socket.id(), link.fingerprint());
				socket.awaitConnect();
			}
			// Its handshake was let pass just before.
			case LEAVING -> socket.leave(Duration.ZERO, () -> logger.debug("Socket {} came too late", socket.id()));
			case ENDED -> socket.end((link.endCause() != null) ? link.endCause() : EndCause.ENDED);
			case TOO_MANY -> socket.closing()
				.refuse(Refused.TOO_MANY_SOCKETS,
						"This session has as many connections open as it may have: close one of its tabs.");
			case TOO_MANY_LINKS -> socket.closing()
				.refuse(Refused.TOO_MANY_LINKS,
						"As many sessions as may be are connected from this address: end one of them, or wait.");
		}
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		GatedSocket socket = GatedSocket.in(session.getAttributes());
		if (socket == null) {
			super.handleMessage(session, message);
			return;
		}
		// Not in its turn, for which the container's thread would wait: its frames are.
		socket.silence().end();
		super.handleMessage(session, message);
	}

	private static void inTurn(GatedSocket socket, SocketLink.Step step) throws Exception {
		socket.turn().take(() -> {
			// What a client sends behind the server's close has no effect any more.
			if (!socket.isClosing()) {
				step.run();
			}
		});
	}

	@Override
	public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
		GatedSocket socket = GatedSocket.in(session.getAttributes());
		if (session.getAttributes().containsKey(TWIN)) {
			logger.debug("Socket {} had the id of another", session.getId());
			return;
		}
		if (socket == null) {
			super.afterConnectionClosed(session, status);
			return;
		}
		socket.turn().later(() -> closed(socket, status));
	}

	private void closed(GatedSocket socket, CloseStatus status) {
		Link link = socket.socketLink().link();
		// First this, which says how much still waited.
		socket.over(status);
		link.remove(socket);
		socket.release();
		SocketPresence presence = socket.socketLink().presence();
		if (presence != null) {
			presence.over();
		}
		logger.debug("Socket {} of session {} closed: {}", socket.id(), link.fingerprint(), status);
		if (!socket.isBeingClosedHere()) {
			forget(socket, status);
			return;
		}
		// Listeners of the application may wait, and this thread has others to close.
		this.sockets.partings().begin();
		link.execute(Crew.PARTING, () -> {
			try {
				forget(socket, status);
			}
			finally {
				this.sockets.partings().end();
			}
		});
	}

	private void forget(GatedSocket socket, CloseStatus status) {
		try {
			// On this thread and no other, behind what is under way.
			socket.turn().take(() -> super.afterConnectionClosed(socket, status));
		}
		catch (MessagingException ex) {
			logger.warn("The application stops what is said of the end of socket {}: {}", socket.id(), LogFormatUtils
				.formatValue(LogText.visible(NestedExceptionUtils.getMostSpecificCause(ex).getMessage()), 200, true));
			logger.debug("That was", ex);
		}
		catch (Exception ex) {
			logger.error("What belonged to socket {} could not all be freed", socket.id(), ex);
		}
		finally {
			// Not before: over SockJS another may have its id then.
			this.sockets.remove(socket);
		}
	}

}
