package org.sessionlink;

/**
 * How often tests try what goes wrong seldom: under {@code CI=true}, where nothing is too
 * much, as often as finds what seldom goes wrong; elsewhere a fifth as often, which finds
 * most of it.
 */
public final class Often {

	private static final boolean CI = "true".equals(System.getenv("CI"));

	private static final int LEAST = 50;

	private Often() {
	}

	/** Returns how often to try what CI tries so often. */
	public static int times(int inCi) {
		return CI ? inCi : Math.min(inCi, Math.max(LEAST, inCi / 5));
	}

}
