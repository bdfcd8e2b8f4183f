package org.sessionlink.link;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * From where an HTTP session was used last, as its latest request has shown it. Text of
 * any length is cut: strangers choose it.
 *
 * @param address the remote address
 * @param userAgent what the browser says that it is, or null where it says nothing
 * @param user the name of who has logged in with the container itself, or null where
 * nobody has: the session does not say it then
 */
public record Seen(String address, @Nullable String userAgent, @Nullable String user) {

	private static final int LONGEST = 256;

	public Seen {
		address = cut(address);
		userAgent = (userAgent != null) ? cut(userAgent) : null;
	}

	static String cut(String text) {
		return (text.length() > LONGEST) ? text.substring(0, LONGEST) : text;
	}

	// Not equals: the JDK would remember the class of the last record that was compared
	// so, and with it an application that has gone (B28).
	/** Returns whether the other says the same. */
	public boolean isLike(@Nullable Seen other) {
		return other != null && this.address.equals(other.address) && Objects.equals(this.userAgent, other.userAgent)
				&& Objects.equals(this.user, other.user);
	}

}
