package org.sessionlink.link;

/** Threads that run at the same time, in whatever order a model checker wants. */
public final class Racing {

	private Racing() {
	}

	/** Runs both at the same time, and returns when both are done. */
	public static void together(Runnable one, Runnable other) {
		// One by one: a model checker does not see what is made inside of a stream.
		Thread first = new Thread(one);
		Thread second = new Thread(other);
		first.start();
		second.start();
		join(first);
		join(second);
	}

	/** Returns when a thread is done. */
	public static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
