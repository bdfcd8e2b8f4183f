package org.sessionlink.journey;

import java.nio.ByteBuffer;

/**
 * The body of each message of the benchmarks, of 27 bytes: when it was sent, as
 * {@link System#nanoTime()}, and its number, both in hexadecimal digits.
 */
final class Body {

	static final int LENGTH = 27;

	private static final int STAMP_DIGITS = 16;

	private static final int NUMBER_DIGITS = 8;

	private static final byte[] DIGITS = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e',
			'f' };

	private Body() {
	}

	/** Returns a body that says nothing yet. */
	static String empty() {
		return ".".repeat(LENGTH);
	}

	static void write(ByteBuffer to, int at, long stamp, int number) {
		writeHex(to, at, stamp, STAMP_DIGITS);
		writeHex(to, at + STAMP_DIGITS, number, NUMBER_DIGITS);
	}

	static long stamp(ByteBuffer from, int at) {
		return readHex(from, at, STAMP_DIGITS);
	}

	static int number(ByteBuffer from, int at) {
		return (int) readHex(from, at + STAMP_DIGITS, NUMBER_DIGITS);
	}

	private static void writeHex(ByteBuffer to, int at, long value, int digits) {
		long rest = value;
		for (int i = at + digits - 1; i >= at; i--) {
			to.put(i, DIGITS[(int) (rest & 0xf)]);
			rest >>>= 4;
		}
	}

	private static long readHex(ByteBuffer from, int at, int digits) {
		long value = 0;
		for (int i = at; i < at + digits; i++) {
			int digit = from.get(i);
			value = (value << 4) | ((digit <= '9') ? digit - '0' : digit - 'a' + 10);
		}
		return value;
	}

}
