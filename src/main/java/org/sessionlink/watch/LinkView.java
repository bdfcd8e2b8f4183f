package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;

/**
 * A link as operators see it (B23), at one moment.
 *
 * @param link the fingerprint
 * @param principal the name of who is behind it, or null for an anonymous visitor
 * @param remainingSeconds null where the session does not expire
 * @param sockets how many are open
 * @param subscriptions how many its sockets have together
 * @param remoteAddress where its first socket came from, or null where that is not known
 */
record LinkView(String link, @Nullable String principal, SortedSet<String> roles, Instant createdAt,
		Instant lastActivity, @Nullable Long remainingSeconds, int sockets, int subscriptions,
		@Nullable String remoteAddress) {

	static LinkView of(Link link) {
		Identity identity = link.identities()
			.stream()
			.filter((candidate) -> candidate.name() != null)
			.findFirst()
			.orElse(Identity.ANONYMOUS);
		Duration remaining = link.remaining();
		int subscriptions = 0;
		int sockets = 0;
		for (LinkedSocket socket : link.sockets()) {
			subscriptions += socket.socketLink().subscriptions().all().size();
			sockets++;
		}
		return new LinkView(link.fingerprint(), identity.name(), new TreeSet<>(identity.roles()), link.createdAt(),
				link.lastActivity(), (remaining != null) ? remaining.plusMillis(500).toSeconds() : null, sockets,
				subscriptions, link.remoteAddress());
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
		LAST_ACTIVITY("lastActivity", Comparator.comparing(LinkView::lastActivity).reversed()),

		/** The newest comes first. */
		CREATED_AT("createdAt", Comparator.comparing(LinkView::createdAt).reversed()),

		/** By name; anonymous visitors come last. */
		PRINCIPAL("principal",
				Comparator.comparing(LinkView::principal, Comparator.nullsLast(String.CASE_INSENSITIVE_ORDER))),

		/** The one with most comes first. */
		SOCKETS("sockets", Comparator.comparingInt(LinkView::sockets).reversed());

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
