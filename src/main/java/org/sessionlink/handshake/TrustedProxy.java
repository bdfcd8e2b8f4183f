package org.sessionlink.handshake;

/**
 * A proxy, or a network of them, whose {@code X-Forwarded-*} headers are believed.
 *
 * @param value an address, or a network as of RFC 4632, such as {@code 10.0.0.0/8} or
 * {@code ::1}
 */
public record TrustedProxy(String value) {

	/**
	 * Checks the value, without asking any name server.
	 * @throws IllegalArgumentException if it is anything else
	 */
	public TrustedProxy {
		try {
			Network.of(value);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"use addresses and networks separated by commas, such as 10.0.0.0/8, ::1, and no names", ex);
		}
	}

	Network network() {
		return Network.of(this.value);
	}

}
