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
 * What ties an HTTP session to its link: an attribute of the session, kept with it over a
 * restart. The container says so to it when it brings the session back, and it opens the
 * link again, without a request.
 *
 * @param value the link's random key, a secret
 * @param createdAt when the session was created, which not every container keeps
 */
record SessionKey(String value, Instant createdAt) implements Serializable, HttpSessionActivationListener {

	private static final String ATTRIBUTE = SessionLinks.class.getName() + ".key";

	private static final int BYTES = 16;

	/** Makes a new one for a session. */
	static SessionKey of(HttpSession session, SecureRandom random) {
		byte[] bytes = new byte[BYTES];
		random.nextBytes(bytes);
		return new SessionKey(HexFormat.of().formatHex(bytes), Instant.ofEpochMilli(session.getCreationTime()));
	}

	/** Returns the key in a session, or null where there is none. */
	static @Nullable SessionKey in(HttpSession session) {
		return (session.getAttribute(ATTRIBUTE) instanceof SessionKey key) ? key : null;
	}

	void putInto(HttpSession session) {
		session.setAttribute(ATTRIBUTE, this);
	}

	@Override
	public void sessionDidActivate(HttpSessionEvent event) {
		SessionLinks.takeBack(event.getSession());
	}

	@Override
	public String toString() {
		return "the key of a link";
	}

}
