package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;

/**
 * A link as operators see it (B23), at one moment.
 *
 * @param link the fingerprint
 * @param who who is behind it
 * @param life how long it has been there, and will be
 * @param reach what is connected under it
 */
record LinkView(String link, @JsonUnwrapped Who who, @JsonUnwrapped Life life, @JsonUnwrapped Reach reach) {

	static LinkView of(Link link) {
		return new LinkView(link.fingerprint(), Who.isBehind(link), Life.of(link), Reach.of(link));
	}

	/**
	 * Who is behind a link.
	 *
	 * @param principal the name, or null for an anonymous visitor
	 */
	record Who(@Nullable String principal, SortedSet<String> roles) {

		private static Who isBehind(Link link) {
			Identity identity = link.identities()
				.stream()
				.filter((candidate) -> candidate.name() != null)
				.findFirst()
				.orElse(Identity.ANONYMOUS);
			return new Who(identity.name(), new TreeSet<>(identity.roles()));
		}

	}

	/**
	 * How long a link has been there, and will be.
	 *
	 * @param remainingSeconds null where the session does not expire
	 */
	record Life(Instant createdAt, Instant lastActivity, @Nullable Long remainingSeconds) {

		private static Life of(Link link) {
			Duration remaining = link.remaining();
			return new Life(link.createdAt(), link.lastActivity(),
					(remaining != null) ? remaining.plusMillis(500).toSeconds() : null);
		}

	}

	/**
	 * What is connected under a link.
	 *
	 * @param sockets how many are open
	 * @param subscriptions how many these have together
	 * @param remoteAddress where the first of them came from, or null where that is not
	 * known
	 */
	record Reach(int sockets, int subscriptions, @Nullable String remoteAddress) {

		private static Reach of(Link link) {
			List<LinkedSocket> open = link.sockets();
			int subscriptions = open.stream()
				.mapToInt((socket) -> socket.socketLink().subscriptions().all().size())
				.sum();
			return new Reach(open.size(), subscriptions, link.remoteAddress());
		}

	}

	/**
	 * Returns whether a link is what an operator looks for: its fingerprint starts so, or
	 * one of those behind it has this in the name, whatever its case.
	 */
	static boolean matches(Link link, String query) {
		String wanted = query.toLowerCase(Locale.ROOT);
		return link.fingerprint().startsWith(wanted) || link.identities()
			.stream()
			.map(Identity::name)
			.anyMatch((name) -> name != null && name.toLowerCase(Locale.ROOT).contains(wanted));
	}

	/**
	 * By what a list can be sorted; links that are equal in it go by their fingerprints.
	 */
	enum Sort {

		/** The one used last comes first. */
		LAST_ACTIVITY("lastActivity", Comparator.comparing((LinkView view) -> view.life.lastActivity()).reversed()),

		/** The newest comes first. */
		CREATED_AT("createdAt", Comparator.comparing((LinkView view) -> view.life.createdAt()).reversed()),

		/** By name; anonymous visitors come last. */
		PRINCIPAL("principal",
				Comparator.comparing((LinkView view) -> view.who.principal(),
						Comparator.nullsLast(String.CASE_INSENSITIVE_ORDER))),

		/** The one with most comes first. */
		SOCKETS("sockets", Comparator.comparingInt((LinkView view) -> view.reach.sockets()).reversed());

		private final String property;

		private final Comparator<LinkView> order;

		Sort(String property, Comparator<LinkView> order) {
			this.property = property;
			this.order = order.thenComparing(LinkView::link);
		}

		static @Nullable Sort by(String property) {
			for (Sort sort : values()) {
				if (sort.property.equals(property)) {
					return sort;
				}
			}
			return null;
		}

		Comparator<LinkView> order() {
			return this.order;
		}

	}

}
