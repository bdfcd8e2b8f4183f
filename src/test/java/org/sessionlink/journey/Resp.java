package org.sessionlink.journey;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a Redis says, one value of its protocol after another, as the bytes that came. */
final class Resp {

	private final DataInputStream in;

	Resp(InputStream in) {
		this.in = new DataInputStream(in);
	}

	/**
	 * Returns the next value.
	 * @throws EOFException at the end
	 */
	byte[] next() throws IOException {
		ByteArrayOutputStream value = new ByteArrayOutputStream();
		copy(value);
		return value.toByteArray();
	}

	private void copy(ByteArrayOutputStream to) throws IOException {
		String line = line(to);
		switch (line.charAt(0)) {
			case '$', '=', '!' -> body(Integer.parseInt(line.substring(1)), to);
			case '*', '>', '~' -> parts(Integer.parseInt(line.substring(1)), to);
			case '%' -> parts(2 * Integer.parseInt(line.substring(1)), to);
			// What is said of the value that follows.
			case '|' -> parts(2 * Integer.parseInt(line.substring(1)) + 1, to);
			default -> {
				// All in one line.
			}
		}
	}

	private String line(ByteArrayOutputStream to) throws IOException {
		StringBuilder line = new StringBuilder();
		int last = 0;
		for (int c = this.in.readUnsignedByte(); last != '\r' || c != '\n'; c = this.in.readUnsignedByte()) {
			to.write(c);
			line.append((char) c);
			last = c;
		}
		to.write('\n');
		return line.toString().strip();
	}

	// No length stands for nothing at all.
	private void body(int length, ByteArrayOutputStream to) throws IOException {
		if (length >= 0) {
			byte[] bytes = new byte[length + 2];
			this.in.readFully(bytes);
			to.writeBytes(bytes);
		}
	}

	private void parts(int number, ByteArrayOutputStream to) throws IOException {
		for (int i = 0; i < number; i++) {
			copy(to);
		}
	}

	/** Returns whether a value is a message that somebody has published. */
	static boolean isPublished(byte[] value) {
		String text = new String(value, 0, Math.min(value.length, 40), StandardCharsets.US_ASCII);
		return text.matches("(?s)[*>]\\d+\r\n\\$\\d+\r\n(p|s)?message\r\n.*");
	}

}
