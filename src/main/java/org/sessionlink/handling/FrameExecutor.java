package org.sessionlink.handling;

import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.util.function.SingletonSupplier;

/**
 * Calls the handlers of what has come through the inbound channel, each by itself: on the
 * thread that hands it over, or, where the method that Spring has found for it may wait,
 * on a thread that may. Where the application has set an executor for the channel, its
 * methods are called there.
 */
public final class FrameExecutor implements TaskExecutor {

	private final Supplier<HandlerThreads> threads;

	/**
	 * Makes it.
	 * @param threads asked when it comes to the first frame
	 */
	public FrameExecutor(Supplier<HandlerThreads> threads) {
		this.threads = SingletonSupplier.of(threads);
	}

	/** Calls all methods on this from now on. */
	public void callMethodsOn(Executor executor) {
		this.threads.get().use(executor);
	}

	@Override
	public void execute(Runnable task) {
		if (!(task instanceof MessageHandlingRunnable call)) {
			task.run();
			return;
		}
		HandlerCall alone = new HandlerCall(call, SocketQueue.current());
		boolean parked = isForOtherThread(call.getMessageHandler(), call.getMessage()) && SocketQueue.park(alone);
		if (!parked) {
			alone.run();
		}
	}

	private boolean isForOtherThread(MessageHandler handler, Message<?> message) {
		return this.threads.get().areOfTheApplication() ? MessageMethods.mayCall(handler, message)
				: MessageMethods.mayWait(handler, message);
	}

}
