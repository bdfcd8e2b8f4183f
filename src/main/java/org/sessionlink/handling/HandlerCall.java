package org.sessionlink.handling;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.NotTakenException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.NamedThreadLocal;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * The call of one handler of a frame, which costs nobody else anything whatever it
 * throws: with an executor of Spring's each is a task by itself (B41).
 */
final class HandlerCall implements MessageHandlingRunnable {

	private static final Logger logger = LoggerFactory.getLogger(HandlerCall.class);

	private static final ThreadLocal<@Nullable HandlerCall> running = new NamedThreadLocal<>("Call of a handler");

	private final MessageHandlingRunnable call;

	private final @Nullable SocketQueue queue;

	/**
	 * Makes the call.
	 * @param queue that of the frame; null where it comes from no socket
	 */
	HandlerCall(MessageHandlingRunnable call, @Nullable SocketQueue queue) {
		this.call = call;
		this.queue = queue;
	}

	/**
	 * Hears that the method which this thread calls has failed, and that nothing of the
	 * application's sees to that.
	 * @return whether that was a denial of which the client is told
	 */
	static boolean methodFailed(Message<?> message, Exception failure) {
		HandlerCall call = running.get();
		return call != null && call.queue != null && call.queue.methodFailed(message, failure);
	}

	@Override
	public Message<?> getMessage() {
		return this.call.getMessage();
	}

	@Override
	public MessageHandler getMessageHandler() {
		return this.call.getMessageHandler();
	}

	@Override
	public void run() {
		HandlerCall around = running.get();
		running.set(this);
		try {
			this.call.run();
		}
		catch (Throwable ex) {
			if (this.queue != null) {
				this.queue.handlerFailed();
			}
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof NotTakenException) {
				logger.debug("A {} frame is not taken", type());
				return;
			}
			// Not the exception that it comes in, which has all headers in its text.
			logger.error("A handler of a {} frame failed: {}", type(), getMessageHandler().getClass().getName(),
					NestedExceptionUtils.getMostSpecificCause(ex));
		}
		finally {
			goBackTo(around);
		}
	}

	// A method may send a frame more.
	private static void goBackTo(@Nullable HandlerCall around) {
		if (around != null) {
			running.set(around);
		}
		else {
			running.remove();
		}
	}

	private Object type() {
		Object type = SimpMessageHeaderAccessor.getMessageType(getMessage().getHeaders());
		return (type != null) ? type : "nameless";
	}

}
