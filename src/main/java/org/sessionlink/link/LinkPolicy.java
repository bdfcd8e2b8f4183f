package org.sessionlink.link;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a deployer decides about the life of links.
 *
 * @param maxAge the longest that a link may last, whatever its activity (B10); null for
 * no limit
 * @param expiryWarning how long before the end clients are told that it is near (B15)
 */
public record LinkPolicy(@Nullable Duration maxAge, Duration expiryWarning) {

	/** No greatest age, and a warning a minute before the end. */
	public static final LinkPolicy DEFAULT = new LinkPolicy(null, Duration.ofMinutes(1));

}
