package org.sessionlink.history;

/** A message that may be kept, and handed over any number of times. */
public interface Keepable {

	/** Returns about how much memory it takes while it is kept. */
	long bytes();

}
