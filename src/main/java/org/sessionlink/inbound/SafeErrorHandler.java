package org.sessionlink.inbound;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.NoLiveSessionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

/**
 * Tells a client why its frame was refused in words of ours: the {@code message} header
 * of the ERROR frame is a code, its body says what to do. Spring's own handler would send
 * the exception's text.
 */
final class SafeErrorHandler extends StompSubProtocolErrorHandler {

	private static final Logger logger = LoggerFactory.getLogger(SafeErrorHandler.class);

	@Override
	protected Message<byte[]> handleInternal(StompHeaderAccessor error, byte[] payload, @Nullable Throwable cause,
			@Nullable StompHeaderAccessor clientFrame) {
		if (cause == null) {
			return super.handleInternal(error, payload, cause, clientFrame);
		}
		error.setContentType(MimeTypeUtils.TEXT_PLAIN);
		return super.handleInternal(error, say(error, cause, clientFrame).getBytes(StandardCharsets.UTF_8), cause,
				clientFrame);
	}

	private static String say(StompHeaderAccessor error, Throwable cause, @Nullable StompHeaderAccessor clientFrame) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
		if (root instanceof NoLiveSessionException) {
			error.setMessage(root.getMessage());
			return NoLiveSessionException.WHAT_TO_DO;
		}
		if (clientFrame == null) {
			logger.warn("A malformed frame: {}", LogFormatUtils.formatValue(root.getMessage(), 200, true));
			error.setMessage("malformed-frame");
			return "What came is not a STOMP frame as of STOMP 1.0, 1.1 or 1.2, or is too large.";
		}
		// Spring's own look at the order of frames; what a handler throws comes wrapped.
		if (cause instanceof IllegalStateException) {
			error.setMessage("unexpected-frame");
			return "A connection starts with one CONNECT frame, and all other frames follow it.";
		}
		logger.error("A {} frame failed", clientFrame.getCommand(), root);
		error.setMessage("internal-error");
		return "The server could not handle this frame: its log says why.";
	}

}
