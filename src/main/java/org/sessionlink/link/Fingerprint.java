package org.sessionlink.link;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What names a link in logs and to people and tells nothing of its key (G7): 64 bits of
 * its digest, so that among a million links two have the same once in thirty million
 * times.
 */
final class Fingerprint {

	private static final int BYTES = 8;

	private Fingerprint() {
	}

	/** Returns sixteen hexadecimal digits. */
	static String of(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, BYTES);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
