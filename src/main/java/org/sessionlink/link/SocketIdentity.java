package org.sessionlink.link;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of one socket (B12): never more than the session id that it has
 * shown is good for. Whoever has planted an id in somebody else's browser, and has opened
 * a socket under it, gains nothing by their login, which changes the id.
 *
 * <p>
 * Safe for use by any thread: whom the handshake's handler has determined, and a login by
 * CONNECT, are one volatile write each. All else is asked for each time, the owner before
 * the id: who changes both begins with the id, and so is never seen with the new owner
 * and the old id.
 */
final class SocketIdentity {

	private final Supplier<@Nullable Identity> owner;

	private final Supplier<String> sessionId;

	private final Identity atHandshake;

	private final @Nullable String shownId;

	private volatile @Nullable Determined determined;

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

	/**
	 * Remembers whom the handshake's handler has determined: nobody where the session is
	 * somebody's whose id was not shown, as that may well be who was determined.
	 */
	void determined(Identity identity) {
		Identity current = this.owner.get();
		if (current == null || current.principal() == null || isShown()) {
			this.determined = new Determined(identity, ofSession());
		}
	}

	/** Remembers who logged in with the CONNECT frame; null for nobody. */
	void loggedIn(@Nullable Identity identity) {
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
		Identity current = ofSession();
		Determined named = this.determined;
		return (named != null) ? named.as(current) : current;
	}

	private Identity ofSession() {
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

	/**
	 * Whom a handshake's handler has determined, and in whose session: it can't be asked
	 * again once that is another's.
	 */
	private record Determined(Identity identity, Identity session) {

		Identity as(Identity current) {
			if (!current.isNamedAs(this.session)) {
				return current;
			}
			// What they may do is the session's business, unless the principal brings
			// roles of its own: until the session's change, as it may have copied them.
			boolean own = !this.identity.roles().isEmpty() && current.roles().equals(this.session.roles());
			return own ? this.identity : new Identity(this.identity.principal(), current.roles());
		}

	}

}
