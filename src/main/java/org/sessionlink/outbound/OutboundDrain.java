package org.sessionlink.outbound;

import java.time.Duration;
import java.util.function.IntSupplier;

import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Lets what is queued for clients go out before a stopping server closes their sockets
 * (B30).
 */
final class OutboundDrain implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(OutboundDrain.class);

	private final Links links;

	private final Sockets sockets;

	private final Duration limit;

	private final IntSupplier phaseOfSockets;

	private volatile boolean running;

	/**
	 * Makes it.
	 * @param phaseOfSockets in which phase sockets are closed
	 */
	OutboundDrain(Links links, Sockets sockets, Duration limit, IntSupplier phaseOfSockets) {
		this.links = links;
		this.sockets = sockets;
		this.limit = limit;
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
	public void start() {
		this.sockets.stopping(false);
		this.running = true;
	}

	/**
	 * Has sockets that are closed from now on say why, and waits for what is under way,
	 * at most as long as the limit.
	 */
	@Override
	public void stop() {
		this.running = false;
		this.sockets.stopping(true);
		long end = System.nanoTime() + this.limit.toNanos();
		try {
			for (Link link : this.links.all()) {
				for (LinkedSocket socket : link.sockets()) {
					drain(socket, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void drain(LinkedSocket socket, Duration rest) throws InterruptedException {
		if (socket instanceof GatedSocket gated && !gated.awaitWritten(rest)) {
			logger.debug("Socket {} has not read all before the server stopped", socket.id());
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
