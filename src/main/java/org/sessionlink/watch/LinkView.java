package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

/**
 * A link as operators see it (B23), at one moment.
 *
 * @param link the fingerprint
 * @param who who is behind it
 * @param life how long it has been there, and will be
 * @param reach what is connected under it
 * @param node the server where it was used last, where there are several
 */
record LinkView(String link, @JsonUnwrapped Who who, @JsonUnwrapped Life life, @JsonUnwrapped Reach reach,
		@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String node) {

	/** Makes one of what servers have told just now. */
	static LinkView of(LinkTold told, Instant now) {
		return new LinkView(told.fingerprint(), new Who(told.principal(), new TreeSet<>(told.roles())),
				Life.of(told, now), new Reach(told.sockets(), told.subscriptions(), told.remoteAddress()), told.node());
	}

	/**
	 * Who is behind a link.
	 *
	 * @param principal the name, or null for an anonymous visitor
	 */
	record Who(@Nullable String principal, SortedSet<String> roles) {

	}

	/**
	 * How long a link has been there, and will be.
	 *
	 * @param remainingSeconds null where the session does not expire
	 */
	record Life(Instant createdAt, Instant lastActivity, @Nullable Long remainingSeconds) {

		private static Life of(LinkTold told, Instant now) {
			Long remaining = told.remaining();
			return new Life(now.minusNanos(told.age()), now.minusNanos(told.idle()),
					(remaining != null) ? Duration.ofNanos(remaining).plusMillis(500).toSeconds() : null);
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

}
