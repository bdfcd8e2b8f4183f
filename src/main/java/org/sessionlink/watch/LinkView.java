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
import org.sessionlink.link.Seen;
import org.sessionlink.link.TrafficSum;

/**
 * A link as operators see it (B23), at one moment.
 *
 * @param link the fingerprint
 * @param who who is behind it
 * @param life how long it has been there, and will be
 * @param reach what is connected under it
 * @param traffic what has gone through its sockets, also those that have closed
 * @param node the server where it was used last, where there are several
 */
record LinkView(String link, @JsonUnwrapped Who who, @JsonUnwrapped Life life, @JsonUnwrapped Reach reach,
		@JsonUnwrapped TrafficSum traffic, @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String node) {

	/** Makes one of what servers have told just now. */
	static LinkView of(LinkTold told, Instant now) {
		return new LinkView(told.fingerprint(), new Who(told.principal(), new TreeSet<>(told.roles())),
				Life.of(told, now), Reach.of(told), told.traffic(), told.node());
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
	 * @param lastRequest when its last HTTP request was that counts as activity, or null
	 * where there was none
	 * @param lastFrame when its client's last frame came that was no heart-beat, or null
	 * where it has opened no socket
	 * @param remainingSeconds null where the session does not expire
	 */
	record Life(Instant createdAt, Instant lastActivity, @Nullable Instant lastRequest, @Nullable Instant lastFrame,
			@Nullable Long remainingSeconds) {

		private static Life of(LinkTold told, Instant now) {
			Long remaining = told.remaining();
			return new Life(now.minusNanos(told.age()), now.minusNanos(told.idle()), before(now, told.lastRequest()),
					before(now, told.lastFrame()),
					(remaining != null) ? Duration.ofNanos(remaining).plusMillis(500).toSeconds() : null);
		}

	}

	/** Returns so many nanoseconds before, or null for an unknown number. */
	static @Nullable Instant before(Instant now, @Nullable Long nanos) {
		return (nanos != null) ? now.minusNanos(nanos) : null;
	}

	/**
	 * What is connected under a link.
	 *
	 * @param sockets how many are open
	 * @param subscriptions how many these have together
	 * @param remoteAddress where the first of them came from, or else the last request of
	 * its HTTP session; null where neither is known
	 * @param browser with what its HTTP session was used last, in words
	 */
	record Reach(int sockets, int subscriptions, @Nullable String remoteAddress, String browser) {

		private static Reach of(LinkTold told) {
			return new Reach(told.sockets(), told.subscriptions(), told.lastAddress(),
					BrowserWords.of(told.userAgent()));
		}

	}

	/**
	 * Returns whether a link is what an operator looks for: its fingerprint or its
	 * address starts so, or one of those behind it has this in the name, whatever its
	 * case.
	 */
	static boolean matches(Link link, String query) {
		String wanted = query.toLowerCase(Locale.ROOT);
		return link.fingerprint().startsWith(wanted) || isFrom(link, wanted)
				|| link.identities()
					.stream()
					.map(Identity::shownName)
					.anyMatch((name) -> name != null && name.toLowerCase(Locale.ROOT).contains(wanted));
	}

	private static boolean isFrom(Link link, String wanted) {
		String socket = link.remoteAddress();
		Seen seen = link.ownership().seen();
		return (socket != null) ? socket.startsWith(wanted) : seen != null && seen.address().startsWith(wanted);
	}

}
