package org.sessionlink.link;

/**
 * Lets the clients of this server go elsewhere before it stops (B54). While it is under
 * way, and until it is taken back, {@link Links#isLeaving()} says so: no socket opens,
 * and everything else is served as ever.
 */
public interface Drain {

	/**
	 * Begins to close the sockets, a few at a time; waits for nothing.
	 * @return false if it is under way, or done, already
	 */
	boolean begin();

	/**
	 * Takes new sockets again, and leaves those open that still are.
	 * @return false if nothing has begun, or the server stops
	 */
	boolean cancel();

	/**
	 * Lets all clients go, as the server stops, and waits for that, at most as long as it
	 * may take; where nobody is connected, and where they are gone already, that is no
	 * time at all.
	 */
	void finish();

}
