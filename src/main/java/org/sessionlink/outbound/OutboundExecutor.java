package org.sessionlink.outbound;

import java.util.concurrent.atomic.AtomicLong;

import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Encodes what goes to clients, on as many threads as Spring's own, with a queue that
 * holds up who publishes once it is full (B27): nothing is lost, and nobody is held up by
 * a peer, as no thread waits for one.
 */
final class OutboundExecutor extends ThreadPoolTaskExecutor {

	private static final Logger logger = LoggerFactory.getLogger(OutboundExecutor.class);

	private static final long serialVersionUID = 1L;

	private static final long QUIET_MILLIS = 10_000;

	// Of a thread that delivers: what follows from that must not be done inside it.
	private static final ThreadLocal<Boolean> delivering = new ThreadLocal<>();

	private final transient Links links;

	private final int mostWaiting;

	private final AtomicLong quietUntil = new AtomicLong();

	/** With a queue that takes so many, or any number if that is 0. */
	OutboundExecutor(Links links, int mostWaiting) {
		this.links = links;
		this.mostWaiting = mostWaiting;
		setCorePoolSize(Runtime.getRuntime().availableProcessors() * 2);
		setAllowCoreThreadTimeOut(true);
		setThreadNamePrefix("clientOutboundChannel-");
	}

	/** Runs a task soon, or on this thread if too many are waiting. */
	@Override
	public void execute(Runnable task) {
		if (this.mostWaiting == 0 || getQueueSize() < this.mostWaiting || delivering.get() != null) {
			super.execute(() -> deliver(task));
			return;
		}
		this.links.refused(Refused.QUEUE_FULL);
		sayFull();
		deliver(task);
	}

	private static void deliver(Runnable task) {
		delivering.set(true);
		try {
			task.run();
		}
		finally {
			delivering.remove();
		}
	}

	private void sayFull() {
		long now = System.currentTimeMillis();
		long until = this.quietUntil.get();
		if (now >= until && this.quietUntil.compareAndSet(until, now + QUIET_MILLIS)) {
			logger.warn("{} messages wait to be sent, as many as may: who publishes more has to wait. "
					+ "Publish less, or give the server more processors", this.mostWaiting);
		}
	}

}
