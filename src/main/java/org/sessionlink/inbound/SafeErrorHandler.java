package org.sessionlink.inbound;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NamedThreadLocal;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

/**
 * Tells a client why its frame was refused in words of ours, and counts it: the
 * {@code message} header of the ERROR frame is a code, its body says what to do. Spring's
 * own handler would send the exception's text.
 */
final class SafeErrorHandler extends StompSubProtocolErrorHandler {

	private static final Logger logger = LoggerFactory.getLogger(SafeErrorHandler.class);

	private final ThreadLocal<@Nullable Watch> watched = new NamedThreadLocal<>("Socket whose frame is handled");

	private final Links links;

	/** What may fail. */
	interface Step {

		void run() throws Exception;

	}

	/** One run of a step, and what came of it. */
	private static final class Watch {

		private final Incoming incoming;

		private @Nullable Message<byte[]> error;

		Watch(Incoming incoming) {
			this.incoming = incoming;
		}

	}

	SafeErrorHandler(Links links) {
		this.links = links;
	}

	/**
	 * Runs what may fail, whatever it throws, and returns the ERROR frame that comes of
	 * it for the caller to send, or null where none does or the client is told by another
	 * run: behind Spring's back, as its own way to the client loses an ERROR frame that
	 * comes while another thread writes.
	 * @param frame what it is run for, or null for none
	 */
	@Nullable Message<byte[]> watch(Incoming incoming, @Nullable Message<byte[]> frame, Step step) {
		Watch around = this.watched.get();
		Watch watch = new Watch(incoming);
		this.watched.set(watch);
		try {
			step.run();
			// Spring keeps it to itself where it preserves the order of frames.
			FrameRefusedException refusal = incoming.refusal();
			if (refusal != null) {
				handleClientMessageProcessingError(frame, refusal);
			}
		}
		catch (Throwable ex) {
			handleClientMessageProcessingError(frame, ex);
		}
		finally {
			goBackTo(around);
		}
		return watch.error;
	}

	// One frame may be refused while this thread handles another.
	private void goBackTo(@Nullable Watch around) {
		if (around != null) {
			this.watched.set(around);
		}
		else {
			this.watched.remove();
		}
	}

	@Override
	public @Nullable Message<byte[]> handleClientMessageProcessingError(@Nullable Message<byte[]> clientFrame,
			Throwable cause) {
		Watch watch = this.watched.get();
		if (watch == null) {
			return super.handleClientMessageProcessingError(clientFrame, cause);
		}
		if (watch.incoming.refuseAllAndTell()) {
			watch.error = super.handleClientMessageProcessingError(clientFrame, cause);
		}
		return null;
	}

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

	private String say(StompHeaderAccessor error, Throwable cause, @Nullable StompHeaderAccessor clientFrame) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
		if (root instanceof NoLiveSessionException) {
			this.links.refused(Refused.SESSION_OVER);
			error.setMessage(root.getMessage());
			return NoLiveSessionException.WHAT_TO_DO;
		}
		FrameRefusedException refused = (root instanceof FrameRefusedException known) ? known
				: asRefused(cause, clientFrame);
		if (refused != null) {
			return say(error, refused, root, clientFrame);
		}
		logger.error("A {} frame failed", (clientFrame != null) ? clientFrame.getCommand() : "whole", root);
		error.setMessage("internal-error");
		return "The server could not handle this frame: its log says why.";
	}

	// Spring's own look at frames and their order; what a handler throws comes wrapped.
	private static @Nullable FrameRefusedException asRefused(Throwable cause,
			@Nullable StompHeaderAccessor clientFrame) {
		if (clientFrame == null) {
			return FrameRefusedException.malformed();
		}
		FrameRefusedException flaw = SafeDecoder.flawOf(clientFrame.getMessageHeaders());
		if (flaw != null) {
			return flaw;
		}
		if (cause instanceof IllegalStateException) {
			return new FrameRefusedException(Refused.UNEXPECTED,
					"A connection starts with one CONNECT frame, and all other frames follow it.");
		}
		return (cause instanceof IllegalArgumentException) ? FrameRefusedException.malformed() : null;
	}

	private String say(StompHeaderAccessor error, FrameRefusedException refused, Throwable root,
			@Nullable StompHeaderAccessor clientFrame) {
		this.links.refused(refused.reason());
		logger.warn("A frame is refused{}, and its socket closed: {}{}", under(clientFrame), refused.reason().code(),
				(root != refused) ? " (" + LogFormatUtils.formatValue(root.getMessage(), 200, true) + ")" : "");
		error.setMessage(refused.reason().code());
		if (refused.reason() == Refused.VERSION) {
			error.setVersion("1.0,1.1,1.2");
		}
		return refused.sentence();
	}

	private static String under(@Nullable StompHeaderAccessor clientFrame) {
		SocketLink socket = (clientFrame != null) ? SocketLink.in(clientFrame.getSessionAttributes()) : null;
		return (socket != null) ? " under session " + socket.link().fingerprint() : "";
	}

}
