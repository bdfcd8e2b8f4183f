package org.sessionlink.handshake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A network as of RFC 4632: all addresses that begin with the same bits. */
final class Network {

	private static final Pattern PREFIX = Pattern.compile("/\\d{1,3}$");

	// What else the JDK would ask a name server for.
	private static final Pattern ADDRESS = Pattern.compile(
			"(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}|(?=[^.]*:)[\\p{XDigit}:][\\p{XDigit}:.]+");

	private final byte[] first;

	private final int bits;

	private Network(byte[] first, int bits) {
		this.first = first;
		this.bits = bits;
	}

	/**
	 * Reads an address, or one with the number of bits that all have, such as
	 * {@code 10.0.0.0/8}.
	 * @throws IllegalArgumentException if it is anything else, a name for example
	 */
	static Network of(String text) {
		byte[] first = bytes(PREFIX.matcher(text).replaceFirst(""));
		int slash = text.lastIndexOf('/');
		int bits = (slash < 0) ? first.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
		if (bits > first.length * Byte.SIZE) {
			throw new IllegalArgumentException("No address has as many bits as " + text);
		}
		return new Network(first, bits);
	}

	/**
	 * Returns whether an address is one of the network's.
	 * @throws IllegalArgumentException if it is no address
	 */
	boolean contains(String address) {
		byte[] bytes = bytes(address);
		if (bytes.length != this.first.length) {
			return false;
		}
		for (int i = 0; i < this.bits; i++) {
			int mask = 0x80 >> (i % Byte.SIZE);
			if (((bytes[i / Byte.SIZE] ^ this.first[i / Byte.SIZE]) & mask) != 0) {
				return false;
			}
		}
		return true;
	}

	private static byte[] bytes(String address) {
		// Behind the percent sign stands by which of its interfaces this machine was
		// reached.
		String literal = address.replaceFirst("(?<=:.{0,39})%.*", "");
		try {
			if (ADDRESS.matcher(literal).matches()) {
				return InetAddress.getByName(literal).getAddress();
			}
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(address + " is no address", ex);
		}
		throw new IllegalArgumentException(address + " is no address");
	}

}
