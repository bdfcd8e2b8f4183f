package org.sessionlink.link;

/** Hears how the handling of the frame that a thread handles has gone. */
@FunctionalInterface
public interface AfterFrame {

	/**
	 * Runs one of two tasks, once: as soon as that is known.
	 * @param handled if all of it was handled
	 * @param otherwise if something of it has failed, or never happens
	 */
	void run(Runnable handled, Runnable otherwise);

}
