package org.sessionlink.app;

import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.stereotype.Controller;

/** Answers each name to everyone (G5). */
@Controller
class GreetingController {

	private static final Logger logger = LoggerFactory.getLogger(GreetingController.class);

	private final SimpMessageSendingOperations messages;

	GreetingController(SimpMessageSendingOperations messages) {
		this.messages = messages;
	}

	@MessageMapping("/message")
	void greet(@Payload GreetingRequest request, SimpMessageHeaderAccessor headers) {
		Link link = SocketLink.live(headers.getSessionAttributes());
		String name = request.validName();
		logger.info("Message under session {}", link.fingerprint());
		this.messages.convertAndSend("/topic/reply", name);
	}

}
