package org.sessionlink.link;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a deployer decides about the life of links.
 *
 * @param maxAge the longest that a link may last, whatever its activity (B10); null for
 * no limit
 * @param expiryWarning how long before the end clients are told that it is near (B15)
 * @param limits how much one link may ask for (B27)
 */
public record LinkPolicy(@Nullable Duration maxAge, Duration expiryWarning, LinkLimits limits) {

	/** No greatest age, a warning a minute before the end, and no limits. */
	public static final LinkPolicy DEFAULT = new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE);

}
