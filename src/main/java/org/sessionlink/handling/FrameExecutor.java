package org.sessionlink.handling;

import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * Calls the handlers of what has come through the inbound channel, each by itself: on the
 * thread that hands it over, or, where the method that Spring has found for it may wait,
 * on a thread that may.
 */
final class FrameExecutor implements TaskExecutor {

	@Override
	public void execute(Runnable task) {
		if (!(task instanceof MessageHandlingRunnable call)) {
			task.run();
			return;
		}
		HandlerCall alone = new HandlerCall(call, SocketQueue.current());
		boolean parked = MessageMethods.mayWait(call.getMessageHandler(), call.getMessage()) && SocketQueue.park(alone);
		if (!parked) {
			alone.run();
		}
	}

}
