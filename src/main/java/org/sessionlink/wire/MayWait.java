package org.sessionlink.wire;

/** Whether a thread that writes may wait for the peer. */
enum MayWait {

	/** It has to come back. */
	NOT,

	/**
	 * For several messages, which together are worth it: one alone goes out in the way
	 * that waits for nobody.
	 */
	FOR_SEVERAL,

	/** It may, be it for one message. */
	FOR_ANY

}
