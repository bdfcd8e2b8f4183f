package org.sessionlink.link;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a socket's attributes hold of its link, and what the link needs to know of the
 * socket: put there by the handshake, read with every frame.
 *
 * <p>
 * Safe for use by any thread; what changes is one volatile field each, written by the
 * socket's own opening and its frames.
 */
public final class SocketLink {

	/** The attribute under which applications find the id of the HTTP session (G3). */
	public static final String SESSION_ID = "sessionId";

	private static final String ATTRIBUTE = SocketLink.class.getName();

	private final Link link;

	private final SocketIdentity identity;

	private final Subscriptions subscriptions;

	private volatile boolean returning;

	private volatile @Nullable String stompVersion;

	private volatile Runnable whenHeard = () -> {
	};

	/** Of a socket whose handshake came from nobody in particular. */
	public SocketLink(Link link) {
		this(link, Identity.ANONYMOUS);
	}

	/** Of a socket whose handshake came from somebody, under the session's own id. */
	public SocketLink(Link link, Identity handshake) {
		this(link, handshake, link.sessionId());
	}

	/**
	 * Of a socket whose handshake came from somebody.
	 * @param shownId the id of the HTTP session that the handshake has shown, or that was
	 * made for it; null where it has shown none that the session has now
	 */
	public SocketLink(Link link, Identity handshake, @Nullable String shownId) {
		this.link = link;
		this.identity = new SocketIdentity(link, handshake, shownId);
		this.subscriptions = new Subscriptions(link.clock());
	}

	/** Returns what these attributes hold, or null where there is nothing. */
	public static @Nullable SocketLink in(@Nullable Map<String, Object> attributes) {
		return (attributes != null) ? (SocketLink) attributes.get(ATTRIBUTE) : null;
	}

	/**
	 * Returns the open link of the socket with these attributes.
	 * @throws NoLiveSessionException if the socket has no link, or one that has ended
	 */
	public static Link live(@Nullable Map<String, Object> attributes) {
		SocketLink socket = in(attributes);
		if (socket == null) {
			throw new NoLiveSessionException("no-session");
		}
		if (socket.link.endCause() != null) {
			throw notAlive(socket.link);
		}
		return socket.link;
	}

	/** Returns the exception that says why a link is not alive. */
	public static NoLiveSessionException notAlive(Link link) {
		EndCause cause = link.endCause();
		return new NoLiveSessionException((cause != null) ? cause.reason() : EndCause.ENDED.reason());
	}

	/** Writes this, and the id of the HTTP session, into a socket's attributes. */
	public void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
		attributes.put(SESSION_ID, this.link.sessionId());
	}

	/** Returns the link of the socket. */
	public Link link() {
		return this.link;
	}

	/** Returns what the socket is subscribed to. */
	public Subscriptions subscriptions() {
		return this.subscriptions;
	}

	/**
	 * Returns who is at the other end (B12): who logged in with the CONNECT frame; else
	 * who the HTTP session says it is, as far as the socket may act for them; else who
	 * the handshake came from (G8).
	 */
	public Identity identity() {
		return this.identity.now();
	}

	/**
	 * Returns whether the HTTP session has got rights under a new id that this socket has
	 * not shown: it never gets them, and its client had better come back with that id.
	 */
	public boolean isOutgrown() {
		return this.identity.isOutgrown();
	}

	/** Remembers who logged in with the CONNECT frame (B35). */
	public void loggedIn(Identity identity) {
		this.identity.loggedIn(identity);
	}

	/**
	 * Remembers whether the client has come back by itself, and has not done anything
	 * since but what it does each time (B8).
	 */
	public void returning(boolean now) {
		if (this.returning != now) {
			this.returning = now;
		}
	}

	/** Returns whether what the client does so far it does by itself. */
	public boolean isReturning() {
		return this.returning;
	}

	/** Returns whether the client's CONNECT frame was let through. */
	public boolean isConnected() {
		return this.stompVersion != null;
	}

	/** Remembers that the client's CONNECT frame was let through, for this version. */
	public void connected(String version) {
		this.stompVersion = version;
	}

	/** Returns the version of STOMP that is spoken: 1.0, 1.1 or 1.2. */
	public String stompVersion() {
		String version = this.stompVersion;
		return (version != null) ? version : "1.2";
	}

	/** Remembers what to run when something is heard of the client. */
	public void whenHeard(Runnable task) {
		this.whenHeard = task;
	}

	/** Says that something was read from the client which is handled later (B36). */
	public void heard() {
		this.whenHeard.run();
	}

}
