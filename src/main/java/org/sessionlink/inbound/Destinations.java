package org.sessionlink.inbound;

/** What a client may write where the name of a destination stands (B26). */
final class Destinations {

	private Destinations() {
	}

	/**
	 * Returns whether a destination is one and nothing else: no pattern of the broker's.
	 */
	static boolean isPlain(String destination) {
		return isPlainOrPattern(destination) && !isPattern(destination);
	}

	/**
	 * Returns whether it is one, or a pattern without expressions: those of strangers
	 * could keep a thread busy.
	 */
	static boolean isPlainOrPattern(String destination) {
		return destination.chars().noneMatch((c) -> c == '{' || c == '}' || Character.isISOControl(c))
				&& !destination.contains("..");
	}

	static boolean isPattern(String destination) {
		return destination.indexOf('*') >= 0 || destination.indexOf('?') >= 0;
	}

}
