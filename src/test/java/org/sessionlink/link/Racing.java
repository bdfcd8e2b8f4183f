package org.sessionlink.link;

/** Threads that run at the same time, in whatever order a model checker wants. */
public final class Racing {

	private static final int FEWEST = 50;

	private Racing() {
	}

	/**
	 * Returns in how many orders a model checker tries what finds its mistakes in so
	 * many: in all of them under {@code CI=true}, and elsewhere in every fifth, where
	 * most would be found too.
	 */
	public static int orders(int all) {
		return "true".equals(System.getenv("CI")) ? all : Math.max(FEWEST, all / 5);
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
