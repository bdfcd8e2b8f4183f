package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;

/**
 * Something that this server cannot do its work without, as the {@link HealthApi} asks
 * after it: beans of this type, the application's own among them.
 *
 * <p>
 * Both methods are called by threads of the container for each probe: they say what is
 * known, and wait for nobody.
 */
public interface HealthCheck {

	/**
	 * Returns what is wrong, in a word or two that strangers may read, such as
	 * {@code draining}; null where nothing is.
	 */
	@Nullable String concern();

	/**
	 * Returns whether this server may be sent clients all the same: what is wrong for a
	 * moment only need not move them.
	 */
	boolean ready();

}
