package org.sessionlink.inbound;

import java.util.function.Supplier;

import org.sessionlink.link.Refused;

import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.SimpMessageType;

/**
 * Tells a client, on its own {@code /user/queue/errors}, why its frame had no effect:
 * that one socket alone, and only if it has subscribed there.
 */
final class RefusalNotices {

	private static final String DESTINATION = "/queue/errors";

	private final Supplier<SimpMessageSendingOperations> messages;

	RefusalNotices(Supplier<SimpMessageSendingOperations> messages) {
		this.messages = messages;
	}

	void tell(String socketId, Refused reason, String sentence) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId(socketId);
		headers.setLeaveMutable(true);
		// The id of the socket in place of a user's name: anonymous visitors are told as
		// well.
		this.messages.get()
			.convertAndSendToUser(socketId, DESTINATION, new Notice(reason.code(), sentence),
					headers.getMessageHeaders());
	}

	/** What goes to the client as JSON: a code for programs and a sentence for people. */
	record Notice(String error, String message) {
	}

}
