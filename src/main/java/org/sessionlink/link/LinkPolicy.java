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
 * @param users how many HTTP sessions one user may have at once (B49)
 */
public record LinkPolicy(@Nullable Duration maxAge, Duration expiryWarning, LinkLimits limits, UserLimit users) {

	/** No greatest age, a warning a minute before the end, and no limits. */
	public static final LinkPolicy DEFAULT = new LinkPolicy(null, Duration.ofMinutes(1), LinkLimits.NONE);

	/** Where a user may have any number. */
	public LinkPolicy(@Nullable Duration maxAge, Duration expiryWarning, LinkLimits limits) {
		this(maxAge, expiryWarning, limits, UserLimit.NONE);
	}

}
