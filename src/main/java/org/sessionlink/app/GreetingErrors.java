package org.sessionlink.app;

import org.sessionlink.link.NoLiveSessionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.invocation.MethodArgumentResolutionException;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.web.bind.annotation.ControllerAdvice;

/**
 * Tells the sender, and nobody else, why a message had no effect: on its own
 * {@code /user/queue/errors}.
 */
@ControllerAdvice
@SendToUser(destinations = "/queue/errors", broadcast = false)
class GreetingErrors {

	private static final Logger logger = LoggerFactory.getLogger(GreetingErrors.class);

	@MessageExceptionHandler
	ErrorReply refused(RefusedException ex) {
		logger.debug("Message refused: {}", ex.code());
		return new ErrorReply(ex.code(), ex.getMessage());
	}

	@MessageExceptionHandler
	ErrorReply noLiveSession(NoLiveSessionException ex) {
		logger.debug("Message refused: {}", ex.getMessage());
		return new ErrorReply(ex.getMessage(), "Your session is over: load the page again.");
	}

	@MessageExceptionHandler({ MessageConversionException.class, MethodArgumentResolutionException.class })
	ErrorReply unreadable(Exception ex) {
		logger.debug("Message refused: not readable", ex);
		return new ErrorReply("not-readable", "Send JSON, as in {\"name\": \"Ada\"}.");
	}

	@MessageExceptionHandler
	ErrorReply failed(Exception ex) {
		logger.error("A message failed", ex);
		return new ErrorReply("internal-error", "The message could not be handled: the server's log says why.");
	}

	/** What goes to the sender: a code for programs and a sentence for people. */
	record ErrorReply(String error, String message) {
	}

}
