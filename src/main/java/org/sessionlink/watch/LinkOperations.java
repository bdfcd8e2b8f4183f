package org.sessionlink.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.watch.AllServers.EndedAll;
import org.sessionlink.watch.AllServers.Found;
import org.sessionlink.watch.AllServers.Told;
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

	private final AllServers servers;

	LinkOperations(Links links, AuditTrail audit, AllServers servers) {
		this.links = links;
		this.audit = audit;
		this.servers = servers;
	}

	/** Ends one socket; the others of its link, and its HTTP session, stay. */
	public Ended endSocket(String id, String who, String reason) {
		LinkedSocket socket = this.links.socket(id);
		if (socket == null) {
			return endSocketElsewhere(id, who, reason);
		}
		Link link = socket.socketLink().link();
		this.audit.add(who, Action.END_SOCKET,
				new Target(link.fingerprint(), socket.socketLink().shownName(), id, null), reason);
		link.end(socket, EndCause.KICKED);
		return new Ended(List.of(), List.of(id));
	}

	private Ended endSocketElsewhere(String id, String who, String reason) {
		Answer answer = elsewhere(Question.of(Question.END_SOCKET, id));
		this.audit.add(who, Action.END_SOCKET, new Target(fingerprint(answer), user(answer), id, null), reason);
		return new Ended(List.of(), List.of(id));
	}

	/** Returns the answer of the server that has a socket. */
	private Answer elsewhere(Question question) {
		Told told = this.servers.ask(question);
		Answer found = told.found();
		if (found == null) {
			throw TargetException.unknownSocket().unless(told.silent());
		}
		return found;
	}

	private static @Nullable String fingerprint(Answer answer) {
		return answer.links().stream().map(LinkTold::fingerprint).findFirst().orElse(null);
	}

	private static @Nullable String user(Answer answer) {
		return answer.links().stream().map(LinkTold::principal).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/** Ends a link: all its sockets, and the HTTP session. */
	public Ended endLink(String fingerprint, String who, String reason) {
		LinkTold link = one(this.servers.withFingerprint(fingerprint), fingerprint);
		Ended ended = this.servers.end(List.of(link));
		if (ended.links().isEmpty()) {
			throw TargetException.unknownLink();
		}
		this.audit.add(who, Action.END_LINK, new Target(fingerprint, link.principal(), null, null), reason);
		return ended;
	}

	private static LinkTold one(Found found, String fingerprint) {
		List<LinkTold> links = found.with(fingerprint);
		return switch (links.size()) {
			case 0 -> throw TargetException.unknownLink().unless(found.silent());
			case 1 -> links.get(0);
			default -> throw TargetException.ambiguousLink();
		};
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
		Found theirs = this.servers.ofUser(name);
		if (theirs.byId().isEmpty()) {
			throw TargetException.unknownUser().unless(theirs.silent());
		}
		List<LinkTold> all = List.copyOf(theirs.byId().values());
		List<LinkTold> others = (keep != null) ? without(keep, all) : all;
		if (others.isEmpty()) {
			// Nothing to write down: whoever is logged in may ask for it at will.
			return new Ended(List.of(), List.of());
		}
		this.audit.add(who, Action.END_USER, new Target(null, name, null, null), reason);
		return this.servers.end(others);
	}

	private static List<LinkTold> without(String keep, List<LinkTold> links) {
		List<LinkTold> others = new ArrayList<>(links);
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
		Ended ended = this.servers.end(this.servers.ownedBy(person).with(fingerprint));
		if (ended.links().isEmpty()) {
			throw TargetException.unknownLink();
		}
		this.audit.addOwn(person, Action.END_LINK, new Target(fingerprint, person, null, null));
		return ended;
	}

	/**
	 * Ends all of a person's own links but one, as that person wants it.
	 * @param keep the one to keep, or null for none
	 */
	public Ended endOwnBut(String person, @Nullable Link keep) {
		Map<String, LinkTold> own = new LinkedHashMap<>(this.servers.ownedBy(person).byId());
		if (keep != null) {
			own.remove(this.servers.id(keep));
		}
		Ended ended = this.servers.end(own.values());
		if (!ended.links().isEmpty()) {
			this.audit.addOwn(person, Action.END_USER, new Target(null, person, null, null));
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
		return endEach(who, reason).links();
	}

	/** Does the same, and says which servers have not answered. */
	EndedAll endEach(String who, String reason) {
		Assert.hasText(reason, "Say why all sessions are to end.");
		EndedAll ended = this.servers.endAll();
		this.audit.addEndOfAll(who, ended.links(), reason);
		return ended;
	}

	/**
	 * Revokes one subscription of a socket; its client is told, and the others stay.
	 * @param reason why, in words that the client is told as well
	 */
	public Revoked revoke(String socketId, String subscription, String who, String reason) {
		Question question = new Question(Question.REVOKE, socketId, List.of(), subscription, reason);
		Answer answer = (this.links.socket(socketId) != null) ? this.servers.own().to(question) : elsewhere(question);
		String destination = answer.destination();
		if (destination == null) {
			throw answer.found() ? TargetException.unknownSubscription() : TargetException.unknownSocket();
		}
		this.audit.add(who, Action.REVOKE, new Target(fingerprint(answer), user(answer), socketId, subscription),
				reason);
		return new Revoked(socketId, subscription, destination);
	}

	/** Returns the one open link with this fingerprint, and its sockets. */
	Details details(String fingerprint) {
		Found found = this.servers.withFingerprint(fingerprint);
		Told told = this.servers.ask(Question.of(Question.DETAILS, fingerprint));
		LinkTold link = one(found.and(told), fingerprint);
		List<SocketTold> sockets = new ArrayList<>(this.servers.own().details(fingerprint).sockets());
		told.answers().forEach((answer) -> sockets.addAll(answer.sockets()));
		sockets.sort(Comparator.comparing(SocketTold::socket));
		Instant now = this.links.clock().now();
		return new Details(LinkView.of(link, now),
				sockets.stream().map((socket) -> SocketView.of(socket, now)).toList(), told.silent());
	}

	/**
	 * A link with its sockets.
	 *
	 * @param silentNodes the names of servers that have not answered
	 */
	record Details(LinkView summary, List<SocketView> sockets,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> silentNodes) {

	}

}
