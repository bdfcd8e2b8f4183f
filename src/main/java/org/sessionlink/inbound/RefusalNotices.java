package org.sessionlink.inbound;

import java.util.function.Supplier;

import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.SimpMessageType;

/**
 * Tells a client, on its own {@code /user/queue/errors}, why its frame had no effect:
 * that one socket alone, and only if it has subscribed there.
 */
final class RefusalNotices {

	private static final Logger logger = LoggerFactory.getLogger(RefusalNotices.class);

	private static final String DESTINATION = "/queue/errors";

	private final Supplier<SimpMessageSendingOperations> messages;

	RefusalNotices(Supplier<SimpMessageSendingOperations> messages) {
		this.messages = messages;
	}

	/** Tells it; that this fails is nobody's fault but the one's that it fails for. */
	void tell(String socketId, Refused reason, String sentence) {
		try {
			send(socketId, new Notice(reason.code(), sentence));
		}
		catch (RuntimeException | Error ex) {
			// Converters and interceptors are the application's.
			logger.error("A client could not be told of {}", reason.code(), ex);
		}
	}

	private void send(String socketId, Notice notice) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId(socketId);
		headers.setLeaveMutable(true);
		// The id of the socket in place of a user's name: anonymous visitors are told as
		// well.
		this.messages.get().convertAndSendToUser(socketId, DESTINATION, notice, headers.getMessageHeaders());
	}

	/** What goes to the client as JSON: a code for programs and a sentence for people. */
	record Notice(String error, String message) {
	}

}
