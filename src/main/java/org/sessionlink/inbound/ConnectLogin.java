package org.sessionlink.inbound;

/** What {@code login} and {@code passcode} of a CONNECT frame are for (B35). */
public enum ConnectLogin {

	/** Nothing, unless the application has a {@link ConnectAuthenticator} of its own. */
	IGNORED,

	/** Who sends them logs in with them; all others are who their HTTP session says. */
	OPTIONAL,

	/** Nobody connects without. */
	REQUIRED

}
