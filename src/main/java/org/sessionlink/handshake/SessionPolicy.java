package org.sessionlink.handshake;

/** What a handshake does about the HTTP session it comes with (B1). */
public enum SessionPolicy {

	/** Creates a session where there is none. */
	CREATE,

	/** Refuses the handshake with 401 where there is no valid session. */
	REQUIRE

}
