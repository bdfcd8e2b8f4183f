package org.sessionlink.journey.twin;

import java.nio.charset.StandardCharsets;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

/** Tells in words of the application's own who may not, and leaves the rest to Spring. */
final class OwnErrors extends StompSubProtocolErrorHandler {

	@Override
	public Message<byte[]> handleClientMessageProcessingError(Message<byte[]> frame, Throwable ex) {
		if (ex.getCause() instanceof AccessDeniedException) {
			StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
			error.setMessage("staff only");
			return MessageBuilder.createMessage("Ask the staff.".getBytes(StandardCharsets.UTF_8),
					error.getMessageHeaders());
		}
		return super.handleClientMessageProcessingError(frame, ex);
	}

}
