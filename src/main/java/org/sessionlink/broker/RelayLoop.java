package org.sessionlink.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that reads what comes over many connections to the broker, and writes what
 * waits for those that took no more before.
 *
 * <p>
 * Any thread hands tasks over, by a queue; the rest is the thread's own.
 */
final class RelayLoop implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(RelayLoop.class);

	private static final int READ_AT_ONCE = 64 * 1024;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AT_ONCE);

	private final Selector selector;

	/** What is told when a connection can go on. */
	interface Ready {

		/** Goes on. */
		void ready(SelectionKey key, ByteBuffer buffer) throws IOException;

		/** Hears that it could not, for whatever reason, and is not to any more. */
		void failed(Throwable why);

	}

	RelayLoop(String name) {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The system has no room for another connection", ex);
		}
		Thread thread = new Thread(this, name);
		thread.setDaemon(true);
		thread.start();
	}

	Selector selector() {
		return this.selector;
	}

	/** Runs a task on the thread, soon. */
	void execute(Runnable task) {
		this.tasks.add(task);
		this.selector.wakeup();
	}

	@Override
	public void run() {
		while (this.selector.isOpen()) {
			try {
				this.selector.select(this::ready);
				for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
					Telling.tell("A connection to the broker", task::run);
				}
			}
			catch (ClosedSelectorException ex) {
				logger.debug("Stopped", ex);
			}
			catch (IOException | RuntimeException | Error ex) {
				logger.error("Waiting for the broker failed; it is tried again", ex);
			}
		}
	}

	private void ready(SelectionKey key) {
		Ready connection = (Ready) key.attachment();
		try {
			connection.ready(key, this.buffer);
		}
		catch (Throwable ex) {
			// Else it would be tried again at once, for ever.
			key.cancel();
			Telling.tell("A connection to the broker", () -> connection.failed(ex));
			if (ex instanceof Error) {
				Telling.tell("The log", () -> logger.error("A connection to the broker failed", ex));
			}
		}
	}

	void stop() {
		try {
			this.selector.close();
		}
		catch (IOException ex) {
			logger.debug("Could not be stopped", ex);
		}
	}

}
