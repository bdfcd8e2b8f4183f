package org.sessionlink.handshake;

import java.util.List;

/**
 * What a deployer decides about handshakes.
 *
 * @param session what to do about the HTTP session (B1)
 * @param allowedOrigins the origins whose pages may connect, beside the application's own
 * (B25)
 * @param attributes the names of the HTTP session's attributes that each socket gets a
 * copy of (G3)
 * @param trustedProxies whose {@code X-Forwarded-*} headers are believed (B25)
 * @param secureCookie whether the session cookie is {@code Secure} (B25)
 */
public record HandshakeSettings(SessionPolicy session, List<Origin> allowedOrigins, List<String> attributes,
		List<TrustedProxy> trustedProxies, SecureCookie secureCookie) {

	public HandshakeSettings {
		allowedOrigins = List.copyOf(allowedOrigins);
		attributes = List.copyOf(attributes);
		trustedProxies = List.copyOf(trustedProxies);
	}

	/** Returns whether the session cookie is to be {@code Secure}, whatever brings it. */
	public boolean makesCookieSecure() {
		return this.secureCookie == SecureCookie.ALWAYS
				|| (this.secureCookie == SecureCookie.AUTO && !this.trustedProxies.isEmpty());
	}

}
