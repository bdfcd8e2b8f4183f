package org.sessionlink.store;

import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionEvent;
import org.jspecify.annotations.Nullable;

/**
 * The key of an HTTP session's link, and which session it was made for: it is of no worth
 * in any other (B42). It is kept with the session, as an attribute of it, over a restart;
 * the container says so to it when it brings the session back, and it opens the link
 * again, without a request.
 *
 * @param value the link's random key, a secret
 * @param createdAt when the session was created, which not every container keeps
 * @param sessionTime when the container says that it was created, in milliseconds: no
 * login changes that, as it does the id
 */
public record SessionKey(String value, Instant createdAt,
		long sessionTime) implements Serializable, HttpSessionActivationListener {

	/** The name of the attribute that it is kept as. */
	public static final String ATTRIBUTE = SessionLinks.class.getName() + ".key";

	private static final int BYTES = 16;

	/**
	 * Makes a new one for a session that is about to begin.
	 * @param created when it does, in milliseconds
	 */
	public static SessionKey begin(long created, SecureRandom random) {
		byte[] bytes = new byte[BYTES];
		random.nextBytes(bytes);
		return new SessionKey(HexFormat.of().formatHex(bytes), Instant.ofEpochMilli(created), created);
	}

	/** Makes a new one for a session. */
	static SessionKey of(HttpSession session, SecureRandom random) {
		return begin(session.getCreationTime(), random);
	}

	/** Returns the key among a session's attributes, or null where there is none. */
	static @Nullable SessionKey in(HttpSession session) {
		return (session.getAttribute(ATTRIBUTE) instanceof SessionKey key) ? key : null;
	}

	/** Returns whether this may be the key of a session, whatever its id is now. */
	boolean isOf(HttpSession session) {
		return this.sessionTime == session.getCreationTime();
	}

	/** Returns the same key for the session that its own was brought back as. */
	SessionKey broughtBackIn(HttpSession session) {
		return new SessionKey(this.value, this.createdAt, session.getCreationTime());
	}

	void putInto(HttpSession session) {
		session.setAttribute(ATTRIBUTE, this);
	}

	@Override
	public void sessionDidActivate(HttpSessionEvent event) {
		SessionLinks.takeBack(event.getSession(), this);
	}

	// Not the record's own: the JDK would remember the class of the last record that was
	// compared so, and with it an application that has gone (B28).
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof SessionKey key && this.sessionTime == key.sessionTime && this.value.equals(key.value)
				&& this.createdAt.equals(key.createdAt);
	}

	@Override
	public int hashCode() {
		return this.value.hashCode();
	}

	@Override
	public String toString() {
		return "the key of a link";
	}

}
