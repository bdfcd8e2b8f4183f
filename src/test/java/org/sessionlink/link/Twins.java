package org.sessionlink.link;

import java.time.Duration;

/**
 * Links of which some have one fingerprint, as chance may have it once in a long time.
 */
public final class Twins {

	private Twins() {
	}

	/** Makes links whose fingerprint is this where their key ends with it. */
	public static Links links(LinkClock clock, String fingerprint) {
		return new Links(clock, new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE),
				(key) -> key.endsWith(fingerprint) ? fingerprint : Fingerprint.of(key));
	}

}
