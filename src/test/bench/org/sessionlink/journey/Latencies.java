package org.sessionlink.journey;

import java.util.Arrays;

/** How long each of many messages took. */
final class Latencies {

	private long[] nanos = new long[1 << 16];

	private int count;

	void clear() {
		this.count = 0;
	}

	void add(long nanos) {
		if (this.count == this.nanos.length) {
			this.nanos = Arrays.copyOf(this.nanos, this.count * 2);
		}
		this.nanos[this.count++] = nanos;
	}

	/** Returns the microseconds that so many of a hundred did not exceed. */
	double micros(int percent) {
		if (this.count == 0) {
			return Double.NaN;
		}
		Arrays.sort(this.nanos, 0, this.count);
		return this.nanos[(int) Math.min(this.count - 1L, this.count * (long) percent / 100)] / 1000.0;
	}

}
