package org.sessionlink.inbound;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.Links;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NamedThreadLocal;
import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;
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

	private volatile @Nullable StompSubProtocolErrorHandler own;

	/** What may fail. */
	interface Step {

		void run() throws Exception;

	}

	/** The ERROR frame for a client, and the code to close its socket with. */
	record Answer(Message<byte[]> frame, String code, CloseCause cause) {
	}

	/** One run of a step, and what came of it. */
	private static final class Watch {

		private final Incoming incoming;

		private @Nullable Answer answer;

		Watch(Incoming incoming) {
			this.incoming = incoming;
		}

	}

	SafeErrorHandler(Links links) {
		this.links = links;
	}

	/**
	 * Leaves it to a handler of the application's own, where there is one, what clients
	 * hear of what the application has denied or has failed at (B39).
	 */
	void leaveTo(@Nullable StompSubProtocolErrorHandler handler) {
		this.own = (handler != this) ? handler : null;
	}

	/**
	 * Runs what may fail, whatever it throws, and returns the ERROR frame that comes of
	 * it for the caller to send, or null where none does or the client is told by another
	 * run: behind Spring's back, as its own way to the client loses an ERROR frame that
	 * comes while another thread writes.
	 * @param frame what it is run for, or null for none
	 */
	@Nullable Answer watch(Incoming incoming, @Nullable Message<byte[]> frame, Step step) {
		Watch around = this.watched.get();
		Watch watch = new Watch(incoming);
		this.watched.set(watch);
		try {
			step.run();
			// Whoever has caught it, such as an interceptor that sends more by itself.
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
		return watch.answer;
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
		StompHeaderAccessor frame = (clientFrame != null)
				? MessageHeaderAccessor.getAccessor(clientFrame, StompHeaderAccessor.class) : null;
		Failure failure = Failure.of(cause, frame);
		Message<byte[]> error = failure.isOfApplication() ? askOwn(clientFrame, cause)
				: super.handleClientMessageProcessingError(clientFrame, cause);
		Watch watch = this.watched.get();
		// Where the application tells the client otherwise, as Spring allows it to, the
		// socket stays as it is.
		if (error != null && watch != null && !watch.incoming.refuseAllAndTell()) {
			return null;
		}
		note(failure, frame, error != null);
		if (error != null && watch != null) {
			watch.answer = new Answer(error, failure.code(), cause(failure));
			return null;
		}
		return error;
	}

	private static CloseCause cause(Failure failure) {
		Refused reason = failure.reason();
		return (reason != null) ? CloseCause.of(reason) : CloseCause.SERVER_ERROR;
	}

	private @Nullable Message<byte[]> askOwn(@Nullable Message<byte[]> clientFrame, Throwable cause) {
		StompSubProtocolErrorHandler handler = this.own;
		if (handler != null) {
			try {
				return handler.handleClientMessageProcessingError(clientFrame, cause);
			}
			catch (RuntimeException | Error ex) {
				logger.error("The application's own error handler failed", ex);
			}
		}
		return super.handleClientMessageProcessingError(clientFrame, cause);
	}

	@Override
	public @Nullable Message<byte[]> handleErrorMessageToClient(Message<byte[]> error) {
		StompSubProtocolErrorHandler handler = this.own;
		return (handler != null) ? handler.handleErrorMessageToClient(error) : super.handleErrorMessageToClient(error);
	}

	@Override
	protected Message<byte[]> handleInternal(StompHeaderAccessor error, byte[] payload, @Nullable Throwable cause,
			@Nullable StompHeaderAccessor clientFrame) {
		if (cause == null) {
			return super.handleInternal(error, payload, cause, clientFrame);
		}
		Failure failure = Failure.of(cause, clientFrame);
		error.setContentType(MimeTypeUtils.TEXT_PLAIN);
		error.setMessage(failure.code());
		if (failure.reason() == Refused.VERSION) {
			error.setVersion("1.0,1.1,1.2");
		}
		return super.handleInternal(error, failure.sentence().getBytes(StandardCharsets.UTF_8), cause, clientFrame);
	}

	private void note(Failure failure, @Nullable StompHeaderAccessor clientFrame, boolean closes) {
		Throwable root = failure.root();
		Refused reason = failure.reason();
		if (reason == null) {
			logger.error("A {} frame failed", (clientFrame != null) ? clientFrame.getCommand() : "whole", root);
			return;
		}
		SocketLink socket = (clientFrame != null) ? SocketLink.in(clientFrame.getSessionAttributes()) : null;
		if (socket != null) {
			socket.link().refused(reason);
		}
		else {
			this.links.refused(reason);
		}
		if (reason != Refused.SESSION_OVER) {
			logger.warn("A frame is refused{}{}: {}{}", under(socket), closes ? ", and its socket closed" : "",
					reason.code(), more(root));
		}
	}

	private static String more(Throwable root) {
		if (root instanceof FrameRefusedException refused) {
			return (refused.limit() != null) ? ", see " + refused.limit() : "";
		}
		return " (" + LogFormatUtils.formatValue(LogText.visible(root.getMessage()), 200, true) + ")";
	}

	private static String under(@Nullable SocketLink socket) {
		return (socket != null) ? " under session " + socket.link().fingerprint() : "";
	}

}
