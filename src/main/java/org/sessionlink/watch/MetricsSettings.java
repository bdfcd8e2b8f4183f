package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;

/**
 * Who may read the metrics besides operators and observers.
 *
 * @param token what a collector shows instead of a login; null for none
 */
public record MetricsSettings(@Nullable String token) {

	private static final int SHORTEST = 16;

	/**
	 * Returns a token that cannot be guessed, as far as its length can tell.
	 * @throws IllegalArgumentException if it is shorter than that, or nothing that a
	 * header can carry
	 */
	public static String token(String text) {
		if (text.length() < SHORTEST || !text.chars().allMatch((one) -> one > ' ' && one < 0x7F)) {
			throw new IllegalArgumentException(
					"use at least " + SHORTEST + " letters, digits and signs of ASCII, without spaces");
		}
		return text;
	}

	@Override
	public String toString() {
		return "MetricsSettings[]";
	}

}
