package org.sessionlink.watch;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkListener;
import org.sessionlink.link.Links;
import org.sessionlink.watch.AuditEntry.Action;
import org.sessionlink.watch.AuditEntry.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.log.LogFormatUtils;

/**
 * Who has ended what, and why (B14): the last 1,000 entries of what people did and the
 * last 1,000 of what happened by itself, in memory, and each as a line of the logger
 * {@code org.sessionlink.audit}. Strangers can make links end at will, and so push out
 * each other's entries, but no operator's.
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

	private static final Target ALL = new Target(null, null, null, null);

	private final Links links;

	private final Deque<Numbered> byPeople = new ArrayDeque<>();

	private final Deque<Numbered> byItself = new ArrayDeque<>();

	private long number;

	AuditTrail(Links links) {
		this.links = links;
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
			kept.addAll(this.byItself);
		}
		return kept.stream()
			.sorted(Comparator.comparingLong(Numbered::number).reversed())
			.map(Numbered::entry)
			.toList();
	}

	/** Writes down what has happened just now. */
	void add(@Nullable String who, Action action, Target target, @Nullable String reason) {
		add(new AuditEntry(Instant.now(), who, action, target, reason, null));
	}

	/** Writes down that somebody has ended so many links, all that there were. */
	void addEndOfAll(String who, int ended, String reason) {
		add(new AuditEntry(Instant.now(), who, Action.END_ALL, ALL, reason, ended));
	}

	private void add(AuditEntry entry) {
		Target target = entry.target();
		keep(entry, (entry.who() != null) ? this.byPeople : this.byItself);
		logger.info("{} by {}:{}{}{}{}{}{}", entry.action(), (entry.who() != null) ? text(entry.who()) : "the server",
				field("link", target.link()), field("user", target.user()), field("socket", target.socket()),
				field("subscription", target.subscription()),
				field("ended", (entry.ended() != null) ? entry.ended().toString() : null),
				field("reason", entry.reason()));
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
		add(null, Action.USER_CHANGED, new Target(link.fingerprint(), identity.name(), null, null), null);
	}

	private static @Nullable String nameOf(Link link) {
		return link.identities().stream().map(Identity::name).filter(Objects::nonNull).findFirst().orElse(null);
	}

	private static String field(String name, @Nullable String value) {
		return (value != null) ? " " + name + "=" + text(value) : "";
	}

	private static String text(String value) {
		// A quotation mark from outside would end the field, and begin a forged one.
		return LogFormatUtils.formatValue(value.replace('"', '\''), LONGEST_IN_LOG, true);
	}

	/** Which of two entries came first, when the clock cannot tell. */
	private record Numbered(long number, AuditEntry entry) {

	}

}
