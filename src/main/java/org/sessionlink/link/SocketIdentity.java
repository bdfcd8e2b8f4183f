package org.sessionlink.link;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of one socket (B12): never more than the session id that it has
 * shown is good for. Whoever has planted an id in somebody else's browser, and has opened
 * a socket under it, gains nothing by their login, which changes the id.
 *
 * <p>
 * Safe for use by any thread: a login by CONNECT is one volatile write. All else is read
 * from the link each time, the identity before the id: who changes both begins with the
 * id, and so is never seen with the new identity and the old id.
 */
final class SocketIdentity {

	private final Link link;

	private final Identity atHandshake;

	private final @Nullable String shownId;

	private volatile @Nullable Identity login;

	SocketIdentity(Link link, Identity handshake, @Nullable String shownId) {
		this.link = link;
		this.shownId = shownId;
		Identity owner = link.identity();
		this.atHandshake = (owner == null) ? handshake : isShown() ? owner : Identity.ANONYMOUS;
	}

	void loggedIn(Identity identity) {
		this.login = identity;
	}

	boolean isLoggedIn() {
		return this.login != null;
	}

	/** Returns who it is at this moment. */
	Identity now() {
		Identity loggedIn = this.login;
		if (loggedIn != null) {
			return loggedIn;
		}
		Identity owner = this.link.identity();
		if (owner == null) {
			return this.atHandshake;
		}
		return isTooMuch(owner) ? owner.within(this.atHandshake) : owner;
	}

	/** Returns whether it is less than the HTTP session would let it be. */
	boolean isOutgrown() {
		Identity owner = this.link.identity();
		return this.login == null && owner != null && isTooMuch(owner);
	}

	private boolean isTooMuch(Identity owner) {
		return !isShown() && owner.exceeds(this.atHandshake);
	}

	private boolean isShown() {
		return this.link.sessionId().equals(this.shownId);
	}

}
