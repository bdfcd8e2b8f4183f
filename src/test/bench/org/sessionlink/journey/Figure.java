package org.sessionlink.journey;

/** What is measured, and whether more of it is better. */
enum Figure {

	RATE("per second", true),

	CPU("server CPU, µs each", false),

	P50("p50, µs", false),

	P99("p99, µs", false),

	HEAP("heap, bytes each", false),

	CLOSED("until the last is closed, ms", false);

	private final String words;

	private final boolean moreIsBetter;

	Figure(String words, boolean moreIsBetter) {
		this.words = words;
		this.moreIsBetter = moreIsBetter;
	}

	/** Returns how many times better SessionLink is: below 1 where it is worse. */
	double gain(double plain, double link) {
		return this.moreIsBetter ? link / plain : plain / link;
	}

	@Override
	public String toString() {
		return this.words;
	}

}
