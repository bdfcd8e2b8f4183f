package org.sessionlink.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;

/** What this server knows of its own links, and does to them, for itself and others. */
final class OwnAnswers {

	/** Of so many a page of any size can be made. */
	private static final int MOST = 20_000;

	static final String NO_REASON = "The server has ended this subscription.";

	private final Links links;

	private final Elsewhere elsewhere;

	OwnAnswers(Links links, Elsewhere elsewhere) {
		this.links = links;
		this.elsewhere = elsewhere;
	}

	/** Answers the question of another server. */
	Answer to(Question question) {
		String text = (question.text() != null) ? question.text() : "";
		return switch (question.kind()) {
			case Question.LINKS -> bounded(matching(text, this.links.clock().now()));
			case Question.DETAILS -> details(text);
			case Question.OF_USER -> Answer.of(told(this.links.ofUser(text)));
			case Question.LOOK -> Answer.of(told(withIds(question.ids())));
			case Question.END -> end(withIds(question.ids()));
			case Question.END_ALL -> end(this.links.open());
			case Question.END_SOCKET -> endSocket(text);
			case Question.REVOKE -> revoke(text, question);
			default -> Answer.NOTHING;
		};
	}

	private static Answer bounded(List<LinkTold> all) {
		int told = Math.min(all.size(), MOST);
		return new Answer(all.subList(0, told), all.size() - told, List.of(), null, false);
	}

	/** Returns the open links that match what an operator looks for. */
	List<LinkTold> matching(String query, Instant now) {
		return this.links.open()
			.stream()
			.filter((link) -> query.isEmpty() || LinkView.matches(link, query))
			.map((link) -> told(link, now))
			.toList();
	}

	private LinkTold told(Link link, Instant now) {
		return LinkTold.of(link, this.elsewhere.id(link), this.elsewhere.name(), now);
	}

	/** Returns links as they are told. */
	List<LinkTold> told(List<Link> some) {
		Instant now = this.links.clock().now();
		return some.stream().map((link) -> told(link, now)).toList();
	}

	private List<Link> withIds(List<String> ids) {
		Set<String> wanted = new HashSet<>(ids);
		return wanted.isEmpty() ? List.of() : openAnd((link) -> wanted.contains(this.elsewhere.id(link)));
	}

	private List<Link> openAnd(Predicate<Link> wanted) {
		return this.links.open().stream().filter(wanted).toList();
	}

	/** Returns the links with a fingerprint, and their sockets. */
	Answer details(String fingerprint) {
		List<Link> found = this.links.withFingerprint(fingerprint);
		return Answer.of(told(found), sockets(found));
	}

	private List<SocketTold> sockets(List<Link> some) {
		return some.stream()
			.flatMap((link) -> link.sockets().stream())
			.map((socket) -> SocketTold.of(socket, this.elsewhere.name()))
			.toList();
	}

	/** Ends links, and returns those that this has ended, and their sockets. */
	Answer end(List<Link> some) {
		List<LinkTold> ended = new ArrayList<>();
		List<SocketTold> sockets = new ArrayList<>();
		Instant now = this.links.clock().now();
		for (Link link : some) {
			List<SocketTold> open = sockets(List.of(link));
			LinkTold told = told(link, now);
			if (link.end(EndCause.KICKED)) {
				ended.add(told);
				sockets.addAll(open);
			}
		}
		return Answer.of(ended, sockets);
	}

	private Answer endSocket(String id) {
		LinkedSocket socket = this.links.socket(id);
		if (socket == null) {
			return Answer.NOTHING;
		}
		Link link = socket.socketLink().link();
		link.end(socket, EndCause.KICKED);
		return new Answer(told(List.of(link)), 0, List.of(), null, true);
	}

	private Answer revoke(String id, Question question) {
		LinkedSocket socket = this.links.socket(id);
		String subscription = question.subscription();
		if (socket == null || subscription == null) {
			return Answer.NOTHING;
		}
		return new Answer(told(List.of(socket.socketLink().link())), 0, List.of(),
				revoke(socket, subscription, question.reason()), true);
	}

	/** Revokes a subscription, and returns its destination, or null where it has none. */
	private static @Nullable String revoke(LinkedSocket socket, String subscription, @Nullable String reason) {
		String destination = socket.socketLink().subscriptions().destination(subscription);
		String told = (reason == null || reason.isBlank()) ? NO_REASON : reason;
		return (destination != null && socket.revoke(subscription, told)) ? destination : null;
	}

}
