package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Lets what is queued for clients go out before a stopping server closes their sockets
 * (B30).
 */
final class OutboundDrain implements SmartLifecycle {

	/** The phase of everything else that has to do with sockets: one that stops later. */
	static final int SOCKETS_PHASE = DEFAULT_PHASE - 1;

	private static final Logger logger = LoggerFactory.getLogger(OutboundDrain.class);

	private final Executor outbound;

	private final Duration limit;

	private volatile boolean running;

	OutboundDrain(Executor outbound, Duration limit) {
		this.outbound = outbound;
		this.limit = limit;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/** Waits for the queue to empty, at most as long as the limit. */
	@Override
	public void stop() {
		this.running = false;
		if (!(this.outbound instanceof ThreadPoolTaskExecutor executor)) {
			return;
		}
		executor.initiateShutdown();
		try {
			if (!executor.getThreadPoolExecutor().awaitTermination(this.limit.toMillis(), TimeUnit.MILLISECONDS)) {
				logger.warn("{} messages were not sent before the server stopped",
						executor.getThreadPoolExecutor().getQueue().size());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
