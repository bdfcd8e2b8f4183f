package org.sessionlink.handling;

import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.support.MessageHandlingRunnable;

/**
 * Calls the handlers of what has come through the inbound channel: on the thread that
 * hands it over, or, where the method that Spring has found for it may wait, on a thread
 * that may.
 */
final class FrameExecutor implements TaskExecutor {

	@Override
	public void execute(Runnable task) {
		boolean parked = task instanceof MessageHandlingRunnable call
				&& MessageMethods.mayWait(call.getMessageHandler(), call.getMessage()) && SocketQueue.park(call);
		if (!parked) {
			task.run();
		}
	}

}
