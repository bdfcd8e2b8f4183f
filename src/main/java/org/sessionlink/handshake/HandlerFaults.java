package org.sessionlink.handshake;

import java.io.IOException;

import org.sessionlink.link.CloseCause;
import org.sessionlink.link.SocketLink;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/**
 * Takes note of what fails at a socket, around all decorators of the application and
 * right within what closes it with 1011 then: a client may close with that code as well,
 * and is no defect (B53).
 */
final class HandlerFaults extends WebSocketHandlerDecorator {

	HandlerFaults(WebSocketHandler delegate) {
		super(delegate);
	}

	/** What may fail. */
	private interface Step {

		void run() throws Exception;

	}

	@Override
	public void afterConnectionEstablished(WebSocketSession session) throws Exception {
		watch(session, () -> super.afterConnectionEstablished(session));
	}

	@Override
	public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
		watch(session, () -> super.handleMessage(session, message));
	}

	@Override
	public void handleTransportError(WebSocketSession session, Throwable exception) throws Exception {
		boolean lost = NestedExceptionUtils.getMostSpecificCause(exception) instanceof IOException;
		note(session, lost ? CloseCause.CONNECTION_LOST : CloseCause.SERVER_ERROR);
		watch(session, () -> super.handleTransportError(session, exception));
	}

	private static void watch(WebSocketSession session, Step step) throws Exception {
		boolean done = false;
		try {
			step.run();
			done = true;
		}
		finally {
			if (!done) {
				note(session, CloseCause.SERVER_ERROR);
			}
		}
	}

	private static void note(WebSocketSession session, CloseCause cause) {
		SocketLink socket = SocketLink.in(session.getAttributes());
		if (socket != null) {
			socket.failedFor(cause);
		}
	}

}
