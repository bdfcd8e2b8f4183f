package org.sessionlink.broker;

/**
 * Where a broker is.
 *
 * @param name its host's name or address
 * @param port its port for STOMP
 */
public record RelayHost(String name, int port) {

	/** The port that brokers have for STOMP unless they are told otherwise. */
	public static final int PORT = 61_613;

	/**
	 * Reads one as it is written in a setting: {@code broker.example.com},
	 * {@code 10.0.0.7:61614}, {@code [::1]:61613}.
	 * @throws IllegalArgumentException if it is none
	 */
	public static RelayHost of(String text) {
		int colon = text.lastIndexOf(':');
		boolean hasPort = colon > text.lastIndexOf(']');
		String name = hasPort ? text.substring(0, colon) : text;
		String port = hasPort ? text.substring(colon + 1) : Integer.toString(PORT);
		boolean isAddress = name.matches("\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.%]*]");
		if (!(isAddress || name.matches("[A-Za-z0-9._-]+")) || !port.matches("\\d{1,5}") || Integer.parseInt(port) < 1
				|| Integer.parseInt(port) > 65_535) {
			throw new IllegalArgumentException("use hosts, each with its port behind a colon where that is not " + PORT
					+ ", such as broker-1.example.com, 10.0.0.7:61614");
		}
		return new RelayHost(isAddress ? name.substring(1, name.length() - 1) : name, Integer.parseInt(port));
	}

	@Override
	public String toString() {
		return (this.name.indexOf(':') >= 0 ? '[' + this.name + ']' : this.name) + ':' + this.port;
	}

}
