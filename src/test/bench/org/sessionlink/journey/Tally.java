package org.sessionlink.journey;

/** Which messages there were: how many, and the sum of their numbers. */
final class Tally {

	private long count;

	private long sum;

	void add(int number) {
		this.count++;
		this.sum += number;
	}

	void clear() {
		this.count = 0;
		this.sum = 0;
	}

	long count() {
		return this.count;
	}

	/** Returns whether another is of the same messages, each as often. */
	boolean fits(Tally other) {
		return this.count == other.count && this.sum == other.sum;
	}

}
