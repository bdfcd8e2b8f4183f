package org.sessionlink.link;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who the HTTP session of a link belongs to, and under which id (B11, B12).
 *
 * <p>
 * Safe for use by any thread: whoever knows better changes the one by one atomic exchange
 * and the other by one step of {@link SessionIds}. Sockets are told afterwards and read
 * both anew, so that the last word wins in whatever order they hear; listeners are told
 * last.
 */
final class LinkIdentity {

	private static final Logger logger = LoggerFactory.getLogger(LinkIdentity.class);

	private final Link link;

	private final Links links;

	private final LinkSockets sockets;

	private final Ownership ownership;

	private final SessionIds ids;

	private final AtomicReference<@Nullable Owner> owner = new AtomicReference<>();

	LinkIdentity(Link link, Links links, LinkSockets sockets, String sessionId) {
		this.link = link;
		this.links = links;
		this.sockets = sockets;
		this.ownership = new Ownership(link, this, links.userSessions());
		this.ids = new SessionIds(sessionId);
	}

	String sessionId() {
		return this.ids.current();
	}

	/** Returns who the session belongs to, or null where nobody has said. */
	@Nullable Identity owner() {
		Owner current = this.owner.get();
		return (current != null) ? current.identity() : null;
	}

	Ownership ownership() {
		return this.ownership;
	}

	/** Returns the name of the owner, or null where nobody has one. */
	@Nullable String ownerName() {
		Owner current = this.owner.get();
		return (current != null) ? current.name() : null;
	}

	/**
	 * Takes over who the session belongs to, counts it for them, and tells of a change.
	 * @param since when it became theirs
	 */
	void identify(Identity now, Instant since) {
		Owner previous = this.owner.getAndSet(new Owner(now, nameOf(now)));
		Identity before = (previous != null) ? previous.identity() : null;
		this.ownership.follow(since);
		if (isKnownSame(now, before)) {
			return;
		}
		this.sockets.tellAll(LinkedSocket::identityChanged);
		// That a new visitor is nobody in particular is no news.
		if (before != null || now.principal() != null || !now.roles().isEmpty()) {
			this.links.tell((listener) -> listener.identityChanged(this.link, now));
		}
	}

	// Names come from the application's own principals: where one fails sockets look, and
	// are closed if they cannot tell either.
	private static boolean isKnownSame(Identity now, @Nullable Identity before) {
		try {
			return now.sameAs(before);
		}
		catch (RuntimeException ex) {
			logger.warn("A user cannot say their name, and counts as another one", ex);
			return false;
		}
	}

	/** Takes over the id of the session, and tells of a change. */
	void moveTo(String id) {
		if (this.ids.moveTo(id)) {
			this.sockets.tellAll(this::tellId);
			// What came with the new id is not for whoever has shown the old one alone.
			this.sockets.tellAll(LinkedSocket::identityChanged);
		}
	}

	/** Tells a socket that has opened; both may have changed since its handshake. */
	void tell(LinkedSocket socket) {
		this.sockets.tell(socket, this::tellId);
		this.sockets.tell(socket, LinkedSocket::identityChanged);
	}

	private void tellId(LinkedSocket socket) {
		// Again where the id has changed meanwhile: what the other thread told the socket
		// may have come first.
		String told;
		do {
			told = sessionId();
			socket.sessionIdChanged(told);
		}
		while (!told.equals(sessionId()));
	}

	/** Returns whether one of these has this name; who cannot say their name has none. */
	boolean belongsTo(String user) {
		return everyone().stream().anyMatch((identity) -> user.equals(nameOf(identity)));
	}

	private @Nullable String nameOf(Identity identity) {
		try {
			return identity.name();
		}
		catch (RuntimeException ex) {
			logger.warn("A user of {} cannot say their name", this.link, ex);
			return null;
		}
	}

	/** Returns whether the session itself says of nobody that it is theirs. */
	boolean isNobodys() {
		Identity current = owner();
		return current == null || current.principal() == null;
	}

	/** Returns the owner, and who is at the other end of each socket. */
	Set<Identity> everyone() {
		Set<Identity> everyone = new LinkedHashSet<>();
		Identity current = owner();
		if (current != null) {
			everyone.add(current);
		}
		this.sockets.all().forEach((socket) -> add(socket.socketLink(), everyone));
		return everyone;
	}

	private void add(SocketLink socket, Set<Identity> everyone) {
		try {
			everyone.add(socket.identity());
		}
		catch (RuntimeException ex) {
			logger.warn("It cannot be said who is at a socket of {}", this.link, ex);
		}
	}

	/** Who the session belongs to, with the name that they have said once. */
	private record Owner(Identity identity, @Nullable String name) {

	}

}
