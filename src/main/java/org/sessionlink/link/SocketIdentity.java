package org.sessionlink.link;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of one socket (B12): never more than the session id that it has
 * shown is good for. Whoever has planted an id in somebody else's browser, and has opened
 * a socket under it, gains nothing by their login, which changes the id.
 *
 * <p>
 * Safe for use by any thread: a login by CONNECT is one volatile write. All else is asked
 * for each time, the owner before the id: who changes both begins with the id, and so is
 * never seen with the new owner and the old id.
 */
final class SocketIdentity {

	private final Supplier<@Nullable Identity> owner;

	private final Supplier<String> sessionId;

	private final Identity atHandshake;

	private final @Nullable String shownId;

	private volatile @Nullable Identity login;

	/**
	 * Makes that of a socket that opens.
	 * @param owner who the session belongs to now, or null where nobody has said
	 * @param sessionId the id that it has now
	 * @param handshake who the handshake came from
	 * @param shownId the id that the handshake has shown, or null for none
	 */
	SocketIdentity(Supplier<@Nullable Identity> owner, Supplier<String> sessionId, Identity handshake,
			@Nullable String shownId) {
		this.owner = owner;
		this.sessionId = sessionId;
		this.shownId = shownId;
		Identity first = owner.get();
		this.atHandshake = (first == null) ? handshake : isShown() ? first : Identity.ANONYMOUS;
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
		Identity current = this.owner.get();
		if (current == null) {
			return this.atHandshake;
		}
		return isTooMuch(current) ? current.within(this.atHandshake) : current;
	}

	/** Returns whether it is less than the HTTP session would let it be. */
	boolean isOutgrown() {
		Identity current = this.owner.get();
		return this.login == null && current != null && isTooMuch(current);
	}

	private boolean isTooMuch(Identity current) {
		return !isShown() && current.exceeds(this.atHandshake);
	}

	private boolean isShown() {
		return this.sessionId.get().equals(this.shownId);
	}

}
