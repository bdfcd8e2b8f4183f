package org.sessionlink.inbound;

/** What a client may write where the name of a destination stands (B26). */
final class Destinations {

	private Destinations() {
	}

	/**
	 * Returns whether a destination is one and nothing else: no pattern of the broker's,
	 * and none of the queues that Spring makes for single sockets.
	 */
	static boolean isPlain(String destination) {
		return destination.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0 || Character.isISOControl(c))
				&& !destination.contains("..") && !destination.contains("-user");
	}

}
