package org.sessionlink.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Seen;
import org.sessionlink.link.TrafficSum;
import org.sessionlink.watch.Elsewhere.Kept;

/**
 * A link as one server tells another, or as several together know it.
 *
 * @param id names it on all servers
 * @param principal the name of who is behind it, or null
 * @param roles theirs
 * @param age in nanoseconds
 * @param idle nanoseconds since it was used
 * @param remaining nanoseconds to its end, or null for never
 * @param sockets how many are open
 * @param subscriptions how many these have
 * @param remoteAddress of its first socket, or null
 * @param address from where its HTTP session was used last, or null
 * @param userAgent with what, or null
 * @param node the server where it was used last, or null
 * @param lastRequest nanoseconds since its last HTTP request, or null for none
 * @param lastFrame nanoseconds since its last frame, or null for none
 * @param traffic what has gone through its sockets
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record LinkTold(String id, String fingerprint, @Nullable String principal, List<String> roles, long age, long idle,
		@Nullable Long remaining, @JsonInclude(JsonInclude.Include.NON_DEFAULT) int sockets,
		@JsonInclude(JsonInclude.Include.NON_DEFAULT) int subscriptions, @Nullable String remoteAddress,
		@Nullable String address, @Nullable String userAgent, @Nullable String node, @Nullable Long lastRequest,
		@Nullable Long lastFrame,
		@JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = NoTraffic.class) TrafficSum traffic) {

	LinkTold {
		id = (id != null) ? id : "";
		fingerprint = (fingerprint != null) ? fingerprint : "";
		roles = (roles != null) ? roles : List.of();
		traffic = (traffic != null) ? traffic : TrafficSum.NONE;
	}

	static LinkTold of(Link link, String id, @Nullable String node, Instant now) {
		Identity identity = link.identities()
			.stream()
			.filter((candidate) -> candidate.shownName() != null)
			.findFirst()
			.orElse(Identity.ANONYMOUS);
		List<LinkedSocket> open = link.sockets();
		int subscriptions = open.stream().mapToInt((socket) -> socket.socketLink().subscriptions().all().size()).sum();
		Duration remaining = link.remaining();
		Seen seen = link.ownership().seen();
		return new LinkTold(id, link.fingerprint(), identity.shownName(), List.copyOf(new TreeSet<>(identity.roles())),
				link.age().toNanos(), Duration.between(link.lastActivity(), now).toNanos(),
				(remaining != null) ? remaining.toNanos() : null, open.size(), subscriptions, link.remoteAddress(),
				(seen != null) ? seen.address() : null, (seen != null) ? seen.userAgent() : null, node,
				nanos(link.lastRequest()), nanos(link.lastFrame()), link.traffic());
	}

	private static @Nullable Long nanos(@Nullable Duration ago) {
		return (ago != null) ? ago.toNanos() : null;
	}

	static LinkTold of(Kept kept) {
		boolean ends = !kept.timeout().isZero();
		return new LinkTold(kept.id(), kept.fingerprint(), kept.user(), List.of(), kept.age().toNanos(),
				kept.idle().toNanos(), ends ? Math.max(0, kept.timeout().minus(kept.idle()).toNanos()) : null, 0, 0,
				null, kept.address(), kept.userAgent(), null, null, null, TrafficSum.NONE);
	}

	LinkTold on(String server) {
		return new LinkTold(this.id, this.fingerprint, this.principal, this.roles, this.age, this.idle, this.remaining,
				this.sockets, this.subscriptions, this.remoteAddress, this.address, this.userAgent, server,
				this.lastRequest, this.lastFrame, this.traffic);
	}

	/** Returns what two servers know of the same link. */
	LinkTold with(LinkTold other) {
		LinkTold last = (other.idle < this.idle) ? other : this;
		LinkTold first = (last == this) ? other : this;
		// The store knows a name, and a server who is behind the sockets as well.
		LinkTold who = (last.principal != null && last.node != null || first.node == null) ? last : first;
		return new LinkTold(this.id, this.fingerprint, who.principal, who.roles, Math.max(this.age, other.age),
				last.idle, last.remaining, this.sockets + other.sockets, this.subscriptions + other.subscriptions,
				either(last.remoteAddress, first.remoteAddress), either(last.address, first.address),
				either(last.userAgent, first.userAgent), either(last.node, first.node),
				least(this.lastRequest, other.lastRequest), least(this.lastFrame, other.lastFrame),
				this.traffic.plus(other.traffic));
	}

	private static @Nullable Long least(@Nullable Long one, @Nullable Long other) {
		return (one == null || (other != null && other < one)) ? other : one;
	}

	private static @Nullable String either(@Nullable String one, @Nullable String other) {
		return (one != null) ? one : other;
	}

	/** Returns from where its sockets are, or else where its HTTP session was used. */
	@Nullable String lastAddress() {
		return either(this.remoteAddress, this.address);
	}

	/** Returns whether an operator looks for it, as {@link LinkView#matches} does. */
	boolean matches(String query) {
		String wanted = query.toLowerCase(Locale.ROOT);
		String from = lastAddress();
		return this.fingerprint.startsWith(wanted) || (from != null && from.startsWith(wanted))
				|| (this.principal != null && this.principal.toLowerCase(Locale.ROOT).contains(wanted));
	}

	/** Merges what several servers know of links, each once. */
	static List<LinkTold> merged(List<LinkTold> all) {
		Map<String, LinkTold> byId = new LinkedHashMap<>();
		all.forEach((told) -> byId.merge(told.id(), told, LinkTold::with));
		return new ArrayList<>(byId.values());
	}

}
