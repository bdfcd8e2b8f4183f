package org.sessionlink.inbound;

import java.io.IOException;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompEncoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Takes WebSocket messages in the parts that the container has, whatever the size of its
 * buffers, and hands on whole ones up to the limit (B34). Makes messages that complete no
 * frame, and many small parts, cost as much as frames (B27).
 */
final class WholeMessages extends WebSocketHandlerDecorator {

	/**
	 * A message of 64 KB that comes in ordinary network packets costs three frames; one
	 * in parts of one byte is stopped.
	 */
	private static final int PARTS_PER_FRAME = 16;

	private static final Logger logger = LoggerFactory.getLogger(WholeMessages.class);

	private static final StompEncoder encoder = new StompEncoder();

	private final SafeErrorHandler errors;

	private final FrameLimits limits;

	WholeMessages(WebSocketHandler delegate, SafeErrorHandler errors, FrameLimits limits) {
		super(delegate);
		this.errors = errors;
		this.limits = limits;
	}

	@Override
	public boolean supportsPartialMessages() {
		return true;
	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		Incoming.in(session.getAttributes()).comesFrom(session);
		int room = session.getTextMessageSizeLimit();
		super.afterConnectionEstablished(session);
		// Spring asks for room for whole messages, which Tomcat then keeps for each
		// socket.
		if (session.isOpen() && session.getTextMessageSizeLimit() != room) {
			session.setTextMessageSizeLimit(room);
		}
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		SocketLink socket = SocketLink.in(session.getAttributes());
		Incoming incoming = Incoming.in(session.getAttributes());
		if (incoming.isRefused()) {
			return;
		}
		this.errors.watch(incoming, () -> {
			try {
				handle(session, message, incoming, socket);
			}
			catch (FrameRefusedException ex) {
				this.errors.handleClientMessageProcessingError(null, ex);
			}
		});
		Message<byte[]> error = incoming.error();
		if (error != null) {
			close((incoming.session() != null) ? incoming.session() : session, error);
		}
	}

	private void handle(WebSocketSession session, WebSocketMessage<?> message, Incoming incoming,
			@Nullable SocketLink socket) throws Exception {
		WebSocketMessage<?> whole = whole(message, incoming, socket);
		if (whole == null) {
			return;
		}
		if (whole instanceof TextMessage text) {
			this.limits.checkSize(text);
		}
		long before = incoming.frames();
		super.handleMessage(session, whole);
		if (incoming.frames() == before) {
			this.limits.takeFrame(socket);
		}
	}

	private @Nullable WebSocketMessage<?> whole(WebSocketMessage<?> message, Incoming incoming,
			@Nullable SocketLink socket) {
		if (message instanceof TextMessage text) {
			this.limits.checkSize(incoming.kept() + text.getPayload().length());
			if (text.isLast() && incoming.kept() == 0) {
				return text;
			}
			payFor(incoming.keep(text.getPayload()), socket);
			return text.isLast() ? new TextMessage(incoming.takeText()) : null;
		}
		if (message instanceof BinaryMessage binary) {
			this.limits.checkSize(incoming.kept() + binary.getPayload().remaining());
			// Always a copy: an incomplete frame is kept, and the buffer may be the
			// container's.
			payFor(incoming.keep(binary.getPayload()), socket);
			return binary.isLast() ? new BinaryMessage(ByteBuffer.wrap(incoming.takeBinary())) : null;
		}
		return message;
	}

	private void payFor(int parts, @Nullable SocketLink socket) {
		if (parts % PARTS_PER_FRAME == 0) {
			this.limits.takeFrame(socket);
		}
	}

	private static void close(WebSocketSession session, Message<byte[]> error) throws IOException {
		String code = StompHeaderAccessor.wrap(error).getMessage();
		try {
			session.sendMessage(new TextMessage(encoder.encode(error)));
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Socket {} was gone before it heard of {}", session.getId(), code, ex);
		}
		finally {
			session.close(CloseStatus.POLICY_VIOLATION.withReason(code));
		}
	}

}
