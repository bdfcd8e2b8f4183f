package org.sessionlink.watch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkListener;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.LogText;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.log.LogFormatUtils;

/**
 * Who has ended what, and why (B14): the last 1,000 entries of what people did and the
 * last 1,000 of each kind of what happened by itself, in memory. Strangers can make links
 * end, or something be refused, at will, and so push out entries of that kind, but none
 * of another, and no operator's; people who end sessions of their own push out only what
 * people have done to theirs. Ends, and what people did, are lines of the logger
 * {@code org.sessionlink.audit} too, at INFO; the rest at DEBUG.
 *
 * <p>
 * Safe for use by any thread; each entry is added in one step under the trail's lock.
 */
@Lazy(false)
public final class AuditTrail implements LinkListener, DisposableBean {

	/** The name of the logger that each entry goes to, as INFO. */
	public static final String LOGGER = "org.sessionlink.audit";

	private static final Logger logger = LoggerFactory.getLogger(LOGGER);

	private static final int MOST = 1000;

	private static final int LONGEST_IN_LOG = 200;

	// Strangers can have these happen as often as they like.
	private static final Set<Action> ONLY_KEPT = EnumSet.of(Action.LINK_OPENED, Action.SOCKET_OPENED,
			Action.SOCKET_CLOSED, Action.SUBSCRIBED, Action.REFUSED);

	private static final Target ALL = new Target(null, null, null, null);

	private final Links links;

	private final Deque<Numbered> byPeople = new ArrayDeque<>();

	private final Deque<Numbered> byOwners = new ArrayDeque<>();

	private final Map<Action, Deque<Numbered>> byItself = new EnumMap<>(Action.class);

	private final Set<Action> without;

	private long number;

	AuditTrail(Links links, AuditSettings settings) {
		this.links = links;
		this.without = settings.without();
		for (Action action : Action.values()) {
			this.byItself.put(action, new ArrayDeque<>(1));
		}
		links.addListener(this);
	}

	@Override
	public void destroy() {
		this.links.removeListener(this);
	}

	/** Returns the entries that are kept, the newest first. */
	public List<AuditEntry> entries() {
		List<Numbered> kept;
		synchronized (this) {
			kept = new ArrayList<>(this.byPeople);
			kept.addAll(this.byOwners);
			this.byItself.values().forEach(kept::addAll);
		}
		return kept.stream()
			.sorted(Comparator.comparingLong(Numbered::number).reversed())
			.map(Numbered::entry)
			.toList();
	}

	/** Writes down what has happened just now. */
	void add(@Nullable String who, Action action, Target target, @Nullable String reason) {
		add(new AuditEntry(Instant.now(), who, action, target, reason));
	}

	/** Writes down what somebody has just done to sessions of their own. */
	void addOwn(String who, Action action, Target target) {
		AuditEntry entry = new AuditEntry(Instant.now(), who, action, target, null);
		keep(entry, this.byOwners);
		say(entry);
	}

	/** Writes down that somebody has ended so many links, all that there were. */
	void addEndOfAll(String who, int ended, String reason) {
		add(new AuditEntry(Instant.now(), who, Action.END_ALL, ALL, reason, ended, null));
	}

	private void add(AuditEntry entry) {
		if (entry.who() == null && this.without.contains(entry.action())) {
			return;
		}
		keep(entry, (entry.who() != null) ? this.byPeople : this.byItself.get(entry.action()));
		say(entry);
	}

	private void say(AuditEntry entry) {
		Level level = ONLY_KEPT.contains(entry.action()) ? Level.DEBUG : Level.INFO;
		if (!logger.isEnabledForLevel(level)) {
			return;
		}
		Target target = entry.target();
		logger.atLevel(level)
			.log("{} by {}:{}{}{}{}{}{}{}{}", entry.action(), (entry.who() != null) ? text(entry.who()) : "the server",
					field("link", target.link()), field("user", target.user()), field("socket", target.socket()),
					field("subscription", target.subscription()), field("destination", target.destination()),
					field("ended", entry.ended()), field("code", entry.code()), field("reason", entry.reason()));
	}

	private synchronized void keep(AuditEntry entry, Deque<Numbered> ring) {
		ring.addLast(new Numbered(this.number++, entry));
		if (ring.size() > MOST) {
			ring.removeFirst();
		}
	}

	@Override
	public void ended(Link link, EndCause cause) {
		add(null, Action.LINK_ENDED, new Target(link.fingerprint(), nameOf(link), null, null), cause.reason());
	}

	@Override
	public void identityChanged(Link link, Identity identity) {
		add(null, Action.USER_CHANGED, new Target(link.fingerprint(), identity.shownName(), null, null), null);
	}

	@Override
	public void opened(Link link) {
		add(null, Action.LINK_OPENED, new Target(link.fingerprint(), nameOf(link), null, null), null);
	}

	@Override
	public void socketOpened(LinkedSocket socket) {
		add(null, Action.SOCKET_OPENED, target(socket, null), null);
	}

	@Override
	public void socketClosed(SocketClosed socket) {
		add(new AuditEntry(Instant.now(), null, Action.SOCKET_CLOSED,
				new Target(socket.link().fingerprint(), socket.principal(), socket.socket(), null),
				socket.cause().word(), null, socket.code()));
	}

	@Override
	public void subscribed(LinkedSocket socket, Subscription subscription) {
		add(null, Action.SUBSCRIBED, target(socket, subscription), null);
	}

	@Override
	public void refused(@Nullable Link link, Refused reason) {
		add(null, Action.REFUSED, (link != null) ? new Target(link.fingerprint(), nameOf(link), null, null) : ALL,
				reason.code());
	}

	private static Target target(LinkedSocket socket, @Nullable Subscription subscription) {
		SocketLink link = socket.socketLink();
		return new Target(link.link().fingerprint(), link.shownName(), socket.id(),
				(subscription != null) ? subscription.id() : null,
				(subscription != null) ? subscription.destination() : null);
	}

	private static @Nullable String nameOf(Link link) {
		return link.identities().stream().map(Identity::shownName).filter(Objects::nonNull).findFirst().orElse(null);
	}

	private static String field(String name, @Nullable Object value) {
		return (value != null) ? " " + name + "=" + text(value.toString()) : "";
	}

	private static String text(String value) {
		// A quotation mark from outside would end the field, and begin a forged one.
		return LogFormatUtils.formatValue(LogText.visible(value.replace('"', '\'')), LONGEST_IN_LOG, true);
	}

	/** Which of two entries came first, when the clock cannot tell. */
	private record Numbered(long number, AuditEntry entry) {

	}

}
