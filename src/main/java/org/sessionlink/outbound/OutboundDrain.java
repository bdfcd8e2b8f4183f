package org.sessionlink.outbound;

import java.time.Duration;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Drain;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Links;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Lets the clients of a server go that stops, or that an operator wants to stop: it says
 * so first, and then closes its sockets in {@link Batches}, each once what is queued for
 * it has gone out (B30, B54).
 *
 * <p>
 * Safe for use by any thread: whether it is under way changes under its lock, which
 * nobody holds while waiting.
 */
final class OutboundDrain implements Drain, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(OutboundDrain.class);

	private final Links links;

	private final Sockets sockets;

	private final LinkClock clock;

	private final Duration period;

	private final IntSupplier phaseOfSockets;

	private @Nullable Batches batches;

	private volatile boolean running;

	/**
	 * Makes it.
	 * @param phaseOfSockets in which phase sockets are closed
	 */
	OutboundDrain(Links links, Sockets sockets, LinkClock clock, DrainSettings settings, IntSupplier phaseOfSockets) {
		this.links = links;
		this.sockets = sockets;
		this.clock = clock;
		this.period = settings.period();
		this.phaseOfSockets = phaseOfSockets;
	}

	/**
	 * Stops right before the sockets are closed, and behind what the application has to
	 * say as it stops.
	 */
	@Override
	public int getPhase() {
		int sockets = this.phaseOfSockets.getAsInt();
		return (sockets < DEFAULT_PHASE) ? sockets + 1 : sockets;
	}

	@Override
	public synchronized void start() {
		this.sockets.stopping(false);
		this.links.leaving(false);
		this.batches = null;
		this.running = true;
	}

	@Override
	public boolean begin() {
		synchronized (this) {
			if (this.batches != null) {
				return false;
			}
			go();
		}
		return true;
	}

	@Override
	public boolean cancel() {
		synchronized (this) {
			if (this.batches == null || !this.running) {
				return false;
			}
			this.batches.cancel();
			this.batches = null;
			this.links.leaving(false);
		}
		logger.info("This server takes new sockets again");
		return true;
	}

	@Override
	public void stop() {
		finish();
	}

	@Override
	public void finish() {
		Batches last;
		synchronized (this) {
			this.running = false;
			this.sockets.stopping(true);
			last = (this.batches != null) ? this.batches : go();
		}
		try {
			Duration limit = this.period.plus(Batches.LAST_WORDS);
			long end = System.nanoTime() + limit.toNanos();
			if (!last.await(limit)) {
				logger.debug("Some sockets have not read all before the server stopped");
			}
			// With what listeners need to hear of it.
			if (!this.sockets.partings().await(Duration.ofNanos(end - System.nanoTime()))) {
				logger.debug("The application has not been told of the end of all sockets before it stops");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// First it says so: whoever opens a socket meanwhile sees that, or is seen here.
	private Batches go() {
		this.links.leaving(true);
		int open = this.sockets.open().size();
		if (open > 0) {
			logger.info("This server takes no new sockets, and lets the {} that are open go within {} s", open,
					this.period.toSeconds());
		}
		Batches begun = new Batches(this.sockets, this.clock, this.period);
		this.batches = begun;
		begun.start();
		return begun;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
