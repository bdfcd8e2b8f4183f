package org.sessionlink.wire;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * The thread that is writing to a peer, and may have to wait for it: so that somebody can
 * see whether it does, and free it.
 *
 * <p>
 * Safe for use by any thread: who it is changes in steps under the monitor, so that no
 * interrupt hits a thread that is done. Once freed it stays so: whoever comes too late to
 * be interrupted does not begin.
 */
final class WaitingThread {

	private @Nullable Thread thread;

	private boolean waited;

	private boolean freed;

	/** What may wait for a peer. */
	interface Writing {

		void run() throws IOException;

	}

	/**
	 * Writes on this thread.
	 * @return whether it was seen to wait for the peer
	 */
	boolean during(Writing writing) throws IOException {
		begin();
		try {
			writing.run();
		}
		finally {
			end();
		}
		return this.waited;
	}

	private synchronized void begin() throws IOException {
		if (this.freed) {
			throw new IOException("Nobody writes to this peer any more");
		}
		this.thread = Thread.currentThread();
		this.waited = false;
	}

	private synchronized void end() {
		this.thread = null;
		if (this.freed) {
			// That may have been just now.
			Thread.interrupted();
		}
	}

	/** Lets nobody begin to write any more; returns whether somebody still does. */
	synchronized boolean stop() {
		this.freed = true;
		return this.thread != null;
	}

	/** Looks whether the thread waits for the peer at this moment, and remembers it. */
	synchronized boolean isWaiting() {
		Thread.State state = (this.thread != null) ? this.thread.getState() : Thread.State.RUNNABLE;
		boolean waits = state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
		this.waited |= waits;
		return waits;
	}

	/** Lets the thread wait no longer, nor any other. */
	synchronized void free() {
		if (stop()) {
			this.thread.interrupt();
		}
	}

}
