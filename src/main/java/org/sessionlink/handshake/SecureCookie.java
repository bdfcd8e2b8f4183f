package org.sessionlink.handshake;

/**
 * Whether the session cookie is {@code Secure}, which browsers keep and send over HTTPS
 * alone (B25). Containers judge by their own connection, and behind a proxy that ends TLS
 * that one is plain.
 */
public enum SecureCookie {

	/** It is where proxies are trusted; else the container judges. */
	AUTO,

	/** It is. */
	ALWAYS,

	/** The container judges, or the application itself. */
	NEVER

}
