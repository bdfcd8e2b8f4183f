package org.sessionlink.link;

/** How often the server wants to hear of its clients, where no broker here says so. */
public interface ClientHeartbeats {

	/** Returns it in milliseconds, 0 for never. */
	long wantedMillis();

}
