package org.sessionlink.link;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;

/**
 * How many links have open sockets from each remote address (B27). Of an IPv6 address the
 * first 64 bits count: whoever has one address there has all behind it.
 *
 * <p>
 * Safe for use by any thread; every change is one atomic step on the map.
 */
final class AddressCounts {

	// Anything else would be looked up as a name.
	private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");

	private static final int NETWORK_BYTES = 8;

	private final ConcurrentMap<String, Integer> links = new ConcurrentHashMap<>();

	private final int most;

	/** Makes the counts: all zero, and none above this number unless that is zero. */
	AddressCounts(int most) {
		this.most = most;
	}

	/**
	 * Returns whether one more link may be counted; {@link #countIn} has the last word.
	 */
	boolean hasRoom(String address) {
		return this.most == 0 || this.links.getOrDefault(networkOf(address), 0) < this.most;
	}

	/**
	 * Counts one more link.
	 * @return false if there are as many as may be: then nothing was counted
	 */
	boolean countIn(String address) {
		boolean[] counted = new boolean[1];
		this.links.compute(networkOf(address), (network, count) -> {
			int before = (count != null) ? count : 0;
			counted[0] = this.most == 0 || before < this.most;
			return counted[0] ? Integer.valueOf(before + 1) : count;
		});
		return counted[0];
	}

	/** Counts one link less, and forgets an address that has none. */
	void countOut(String address) {
		this.links.computeIfPresent(networkOf(address), (network, count) -> (count > 1) ? count - 1 : null);
	}

	/** Returns how many addresses have links. */
	int size() {
		return this.links.size();
	}

	static String networkOf(String address) {
		int zone = address.indexOf('%');
		String text = ((zone >= 0) ? address.substring(0, zone) : address).replaceAll("[\\[\\]]", "");
		if (text.indexOf(':') < 0 || !IPV6.matcher(text).matches()) {
			return text;
		}
		try {
			InetAddress parsed = InetAddress.getByName(text);
			byte[] bytes = parsed.getAddress();
			// ::ffff:192.0.2.1 is an IPv4 address written otherwise.
			return (bytes.length > NETWORK_BYTES) ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64"
					: parsed.getHostAddress();
		}
		catch (UnknownHostException ex) {
			return text;
		}
	}

}
