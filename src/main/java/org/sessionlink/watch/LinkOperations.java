package org.sessionlink.watch;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;

import org.springframework.context.annotation.Lazy;
import org.springframework.util.Assert;

/**
 * Ends sockets, links and subscriptions from the server, one call each (B13, B14).
 *
 * <p>
 * Each call says who does it, and why, for the {@link AuditTrail}, and returns what it
 * has ended. It only hands over: sockets are closed, with {@code session-kicked}, on
 * threads of the links' own. A target that is not there is told by a
 * {@link TargetException}; then nothing has ended. Safe for use by any thread.
 */
@Lazy(false)
public final class LinkOperations {

	private final Links links;

	private final AuditTrail audit;

	LinkOperations(Links links, AuditTrail audit) {
		this.links = links;
		this.audit = audit;
	}

	/** Ends one socket; the others of its link, and its HTTP session, stay. */
	public Ended endSocket(String id, String who, String reason) {
		LinkedSocket socket = socket(id);
		Link link = socket.socketLink().link();
		this.audit.add(who, Action.END_SOCKET, new Target(link.fingerprint(), null, id, null), reason);
		link.end(socket, EndCause.KICKED);
		return new Ended(List.of(), List.of(id));
	}

	/** Ends a link: all its sockets, and the HTTP session. */
	public Ended endLink(String fingerprint, String who, String reason) {
		Link link = link(fingerprint);
		Ended ended = end(List.of(link));
		if (ended.links().isEmpty()) {
			throw TargetException.unknownLink();
		}
		this.audit.add(who, Action.END_LINK, new Target(fingerprint, null, null, null), reason);
		return ended;
	}

	/** Ends all links of a user. */
	public Ended endUser(String name, String who, String reason) {
		return endUser(name, null, who, reason);
	}

	/**
	 * Ends all links of a user but one: “sign out everywhere else”.
	 * @param keep the fingerprint of the link to keep, which must be one of the user's
	 */
	public Ended endUserBut(String name, String keep, String who, String reason) {
		return endUser(name, keep, who, reason);
	}

	private Ended endUser(String name, @Nullable String keep, String who, String reason) {
		List<Link> theirs = this.links.ofUser(name);
		if (theirs.isEmpty()) {
			throw TargetException.unknownUser();
		}
		List<Link> others = (keep != null) ? without(keep, theirs) : theirs;
		if (others.isEmpty()) {
			// Nothing to write down: whoever is logged in may ask for it at will.
			return new Ended(List.of(), List.of());
		}
		this.audit.add(who, Action.END_USER, new Target(null, name, null, null), reason);
		return end(others);
	}

	private static List<Link> without(String keep, List<Link> links) {
		List<Link> others = new ArrayList<>(links);
		others.removeIf((link) -> link.fingerprint().equals(keep));
		return switch (links.size() - others.size()) {
			case 0 -> throw TargetException.unknownKeep();
			case 1 -> others;
			default -> throw TargetException.ambiguousLink();
		};
	}

	/**
	 * Ends one of a person's own links, as that person wants it (B48): one whose HTTP
	 * session is theirs. That of anybody else is told like one that is not there.
	 */
	public Ended endOwn(String person, String fingerprint) {
		Ended ended = end(
				this.links.ownedBy(person).stream().filter((own) -> own.fingerprint().equals(fingerprint)).toList());
		if (ended.links().isEmpty()) {
			throw TargetException.unknownLink();
		}
		this.audit.add(person, Action.END_LINK, new Target(fingerprint, null, null, null), null);
		return ended;
	}

	/**
	 * Ends all of a person's own links but one, as that person wants it.
	 * @param keep the one to keep, or null for none
	 */
	public Ended endOwnBut(String person, @Nullable Link keep) {
		Ended ended = end(this.links.ownedBy(person).stream().filter((own) -> own != keep).toList());
		if (!ended.links().isEmpty()) {
			this.audit.add(person, Action.END_USER, new Target(null, person, null, null), null);
		}
		return ended;
	}

	/**
	 * Ends all links, as after an incident (B50): whoever is logged in logs in anew, the
	 * caller too. One that opens meanwhile may stay.
	 * @param reason why, which has to be said
	 * @return how many links it has ended
	 */
	public int endAll(String who, String reason) {
		Assert.hasText(reason, "Say why all sessions are to end.");
		int ended = end(this.links.open()).links().size();
		this.audit.addEndOfAll(who, ended, reason);
		return ended;
	}

	/**
	 * Revokes one subscription of a socket; its client is told, and the others stay.
	 * @param reason why, in words that the client is told as well
	 */
	public Revoked revoke(String socketId, String subscription, String who, String reason) {
		LinkedSocket socket = socket(socketId);
		String destination = socket.socketLink().subscriptions().destination(subscription);
		String told = reason.isBlank() ? "The server has ended this subscription." : reason;
		if (destination == null || !socket.revoke(subscription, told)) {
			throw TargetException.unknownSubscription();
		}
		String link = socket.socketLink().link().fingerprint();
		this.audit.add(who, Action.REVOKE, new Target(link, null, socketId, subscription), reason);
		return new Revoked(socketId, subscription, destination);
	}

	/** Returns the open link with this fingerprint. */
	Link link(String fingerprint) {
		List<Link> found = this.links.withFingerprint(fingerprint);
		return switch (found.size()) {
			case 0 -> throw TargetException.unknownLink();
			case 1 -> found.get(0);
			default -> throw TargetException.ambiguousLink();
		};
	}

	private LinkedSocket socket(String id) {
		LinkedSocket socket = this.links.socket(id);
		if (socket == null) {
			throw TargetException.unknownSocket();
		}
		return socket;
	}

	private static Ended end(List<Link> links) {
		List<String> fingerprints = new ArrayList<>();
		List<String> sockets = new ArrayList<>();
		for (Link link : links) {
			List<LinkedSocket> open = link.sockets();
			if (link.end(EndCause.KICKED)) {
				fingerprints.add(link.fingerprint());
				open.forEach((socket) -> sockets.add(socket.id()));
			}
		}
		return new Ended(fingerprints, sockets);
	}

}
