package org.sessionlink.broker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

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

	private final Queue<Runnable> afterLook = new ConcurrentLinkedQueue<>();

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

	/**
	 * Runs a task on the thread, once it has done all that could be done by then: so that
	 * nobody is taken for silent whom the thread itself has not listened to.
	 */
	void executeAfterLook(Runnable task) {
		this.afterLook.add(task);
		this.selector.wakeup();
	}

	@Override
	public void run() {
		while (this.selector.isOpen()) {
			try {
				List<Runnable> after = new ArrayList<>(0);
				take(this.afterLook, after::add);
				if (after.isEmpty()) {
					this.selector.select(this::ready);
				}
				else {
					this.selector.selectNow(this::ready);
				}
				after.forEach(RelayLoop::run);
				take(this.tasks, RelayLoop::run);
			}
			catch (ClosedSelectorException ex) {
				logger.debug("Stopped", ex);
			}
			catch (IOException | RuntimeException | Error ex) {
				logger.error("Waiting for the broker failed; it is tried again", ex);
			}
		}
	}

	private static void take(Queue<Runnable> from, Consumer<Runnable> to) {
		for (Runnable task = from.poll(); task != null; task = from.poll()) {
			to.accept(task);
		}
	}

	private static void run(Runnable task) {
		Telling.tell("A connection to the broker", task::run);
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
