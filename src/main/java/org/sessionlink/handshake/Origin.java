package org.sessionlink.handshake;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/**
 * Where a page comes from: scheme, host, and a port that is not the scheme's own (RFC
 * 6454, section 6.2). Pages that an app brings along have a scheme of its own.
 *
 * @param value as browsers send it in the {@code Origin} header, such as
 * {@code https://www.example.org} or {@code capacitor://localhost}
 */
public record Origin(String value) {

	/** A scheme that no page is loaded by has no origin, and file: sends null. */
	private static final Pattern OF_APP = Pattern
		.compile("(?!(?:https?|wss?|ftp|file):)[a-z][a-z0-9+.-]*://[a-z0-9._-]+(?::\\d{1,5})?");

	/**
	 * Checks the value.
	 * @throws IllegalArgumentException if it is anything but the exact origin of a page
	 */
	public Origin {
		if (!isWebOrigin(value) && !OF_APP.matcher(value).matches()) {
			throw new IllegalArgumentException("use exact origins separated by commas, "
					+ "such as https://www.example.org or capacitor://localhost, without a path, a wildcard "
					+ "or a default port");
		}
	}

	private static boolean isWebOrigin(String value) {
		try {
			URI uri = new URI(value);
			return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null
					&& value.equals(serialized(uri));
		}
		catch (URISyntaxException ex) {
			return false;
		}
	}

	private static String serialized(URI uri) {
		int defaultPort = "https".equals(uri.getScheme()) ? 443 : 80;
		boolean plain = uri.getPort() == -1 || uri.getPort() == defaultPort;
		return uri.getScheme() + "://" + uri.getHost() + (plain ? "" : ":" + uri.getPort());
	}

}
