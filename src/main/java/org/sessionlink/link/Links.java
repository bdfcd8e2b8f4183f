package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * The links of this server, by key.
 *
 * <p>
 * Safe for use by any thread; every change is one atomic step on the map, what to do when
 * a link is forgotten is one volatile write at the start, who hears how long things take
 * is another, and whether the server leaves is one more, by its drain. A link that has
 * ended stays for a little while, so that a handshake that read its key just before
 * cannot open it again (B17).
 */
public final class Links {

	/**
	 * Far longer than a handshake takes from reading the key of its session to opening
	 * the link.
	 */
	static final Duration REMEMBER_ENDED = Duration.ofSeconds(10);

	private final ConcurrentMap<String, Link> byKey = new ConcurrentHashMap<>();

	private final AddressCounts addressCounts;

	private final UserSessions userSessions;

	private final Counts counts = new Counts();

	private final List<Mailbox> mailboxes = new CopyOnWriteArrayList<>();

	private final EndedLinks endedLinks;

	private final LinkClock clock;

	private final LinkPolicy policy;

	private final UnaryOperator<String> fingerprints;

	private volatile Consumer<Link> whenForgotten = (link) -> {
	};

	private volatile LinkStore store = LinkStore.NONE;

	private volatile SentStore sent = SentStore.NONE;

	private volatile Consumer<SocketClosed> whenClosed = (socket) -> {
	};

	private volatile boolean leaving;

	private volatile Timings timings = Timings.NONE;

	public Links(LinkClock clock, LinkPolicy policy) {
		this(clock, policy, Fingerprint::of);
	}

	Links(LinkClock clock, LinkPolicy policy, UnaryOperator<String> fingerprints) {
		this.clock = clock;
		this.policy = policy;
		this.fingerprints = fingerprints;
		this.endedLinks = new EndedLinks(clock);
		this.addressCounts = new AddressCounts(policy.limits().linksPerAddress());
		this.userSessions = new UserSessions(policy.users());
	}

	/**
	 * Returns the link with this key, opening it where there is none; it may have ended.
	 * @param key the link's random key
	 * @param sessionId the id that the HTTP session has now
	 * @param home where the HTTP session lives
	 */
	public Link open(String key, String sessionId, Home home) {
		return open(key, this.clock.now(), sessionId, home);
	}

	/**
	 * Returns the link with this key, opening it where there is none; it may have ended.
	 * @param key the link's random key
	 * @param createdAt when the HTTP session was created, from which its greatest age
	 * counts (B10)
	 * @param sessionId the id that the HTTP session has now
	 * @param home where the HTTP session lives
	 */
	public Link open(String key, Instant createdAt, String sessionId, Home home) {
		Link known = this.byKey.get(key);
		if (known != null) {
			return known;
		}
		Link opened = new Link(this, key, createdAt, sessionId, home);
		known = this.byKey.putIfAbsent(key, opened);
		if (known != null) {
			return known;
		}
		opened.start();
		tell(Mailbox.Kind.TALK, (listener) -> listener.opened(opened));
		return opened;
	}

	/** Returns the link with this key, which may have ended just now, or null. */
	public @Nullable Link find(String key) {
		return this.byKey.get(key);
	}

	/** Returns whether a link with this key is open, or has ended just now. */
	public boolean knows(String key) {
		return this.byKey.containsKey(key);
	}

	/**
	 * Has a short task of ours run for each link that is forgotten, a little while after
	 * its end, on the clock's thread.
	 */
	public void whenForgotten(Consumer<Link> task) {
		this.whenForgotten = task;
	}

	/** Returns all links, also those that have ended just now. */
	public Collection<Link> all() {
		return Collections.unmodifiableCollection(this.byKey.values());
	}

	/** Returns all links that are open. */
	public List<Link> open() {
		return this.byKey.values().stream().filter((link) -> link.endCause() == null).toList();
	}

	/** Returns how many sockets all links that are open have. */
	public int socketCount() {
		return open().stream().mapToInt((link) -> link.sockets().size()).sum();
	}

	/**
	 * Returns the open links with this fingerprint: hardly ever more than one, but that
	 * is chance.
	 */
	public List<Link> withFingerprint(String fingerprint) {
		return open().stream().filter((link) -> link.fingerprint().equals(fingerprint)).toList();
	}

	/**
	 * Returns why the link with this fingerprint has ended, or null where that is not
	 * known, or no longer, or where one with this fingerprint is open (B46).
	 */
	public @Nullable EndCause endOf(String fingerprint) {
		EndCause cause = this.endedLinks.find(fingerprint);
		return (cause != null && withFingerprint(fingerprint).isEmpty()) ? cause : null;
	}

	/** Returns the open links that {@linkplain Link#belongsTo belong} to this user. */
	public List<Link> ofUser(String name) {
		return open().stream().filter((link) -> link.belongsTo(name)).toList();
	}

	/** Returns the open links whose HTTP sessions belong to this user (B48). */
	public List<Link> ownedBy(String name) {
		return open().stream().filter((link) -> name.equals(link.ownership().name())).toList();
	}

	/** Returns the socket with this id, or null where no open link has one. */
	public @Nullable LinkedSocket socket(String id) {
		return open().stream()
			.flatMap((link) -> link.sockets().stream())
			.filter((socket) -> socket.id().equals(id))
			.findAny()
			.orElse(null);
	}

	/** Counts something that was refused (B27). */
	public void refused(Refused reason) {
		refused(null, reason);
	}

	void refused(@Nullable Link link, Refused reason) {
		this.counts.refused(reason);
		tell(Mailbox.Kind.TALK, (listener) -> listener.refused(link, reason));
	}

	/** Returns what has happened to all links since the start, in numbers. */
	public Counts counts() {
		return this.counts;
	}

	/**
	 * Has a short task of ours run for each socket that has closed, at once, on the
	 * thread that knows of it.
	 */
	public void whenClosed(Consumer<SocketClosed> task) {
		this.whenClosed = task;
	}

	/** Takes note of a socket that has opened. */
	void opened(LinkedSocket socket) {
		this.counts.opened();
		tell(Mailbox.Kind.TALK, (listener) -> listener.socketOpened(socket));
	}

	/** Takes note of a socket that has closed. */
	void closed(SocketClosed socket) {
		this.counts.closed(socket.code(), socket.cause());
		Telling.tell("What is to be said of a socket that has closed", () -> this.whenClosed.accept(socket));
		tell(Mailbox.Kind.CLOSES, (listener) -> listener.socketClosed(socket));
	}

	/** Takes note of what a client has subscribed to. */
	void subscribed(LinkedSocket socket, Subscription subscription) {
		tell(Mailbox.Kind.TALK, (listener) -> listener.subscribed(socket, subscription));
	}

	/** Returns how often each reason has led to a refusal since the start. */
	public Map<Refused, Long> refusals() {
		Map<Refused, Long> byReason = new EnumMap<>(Refused.class);
		for (Refused reason : Refused.values()) {
			byReason.put(reason, this.counts.refusals(reason));
		}
		return byReason;
	}

	/** Has somebody hear how long things take, instead of who has so far. */
	public void timings(Timings now) {
		this.timings = now;
	}

	/** Returns who hears how long things take: {@link Timings#NONE} is nobody. */
	public Timings timings() {
		return this.timings;
	}

	/**
	 * Returns whether one more link may have sockets from this remote address (B27);
	 * {@link Link#add} has the last word.
	 */
	public boolean haveRoomFor(String remoteAddress) {
		return this.addressCounts.hasRoom(remoteAddress);
	}

	/** Says whether this server lets its clients go, and takes no new ones (B54). */
	public void leaving(boolean now) {
		this.leaving = now;
	}

	/**
	 * Returns whether no socket may open any more, as its client had better go elsewhere.
	 */
	public boolean isLeaving() {
		return this.leaving;
	}

	/** Returns from how many remote addresses sockets are open. */
	public int addresses() {
		return this.addressCounts.size();
	}

	/**
	 * Returns whether a login has to be promised a place before it takes effect (B49).
	 */
	public boolean promisePlaces() {
		return this.userSessions.refusesLogins();
	}

	/**
	 * Returns whether one more session may be this user's (B49);
	 * {@link Ownership#promisePlace} has the last word.
	 */
	public boolean havePlaceFor(String user) {
		return this.userSessions.mayLogIn(user);
	}

	/** Shares the links with other servers from the start on. */
	public void shareWith(LinkStore others) {
		this.store = others;
	}

	/** Counts the sessions of users together with other servers from the start on. */
	public void shareWith(UserPlaces others) {
		this.userSessions.shareWith(others);
	}

	/** Remembers which messages were sent together with other servers. */
	public void shareWith(SentStore others) {
		this.sent = others;
	}

	SentStore sent() {
		return this.sent;
	}

	LinkStore store() {
		return this.store;
	}

	UserSessions userSessions() {
		return this.userSessions;
	}

	AddressCounts addressCounts() {
		return this.addressCounts;
	}

	/**
	 * Tells this listener of everything from now on, on threads of its own: one that
	 * waits or fails misses at most something itself.
	 */
	public void addListener(LinkListener listener) {
		this.mailboxes.add(new Mailbox(listener, this.clock));
	}

	/** Tells this listener of what becomes of links that are open, and nothing else. */
	public void addListenerOfLinks(LinkListener listener) {
		this.mailboxes.add(new Mailbox(listener, this.clock, EnumSet.of(Mailbox.Kind.NEWS)));
	}

	/** Tells this listener no more. */
	public void removeListener(LinkListener listener) {
		this.mailboxes.removeIf((mailbox) -> {
			boolean found = mailbox.isOf(listener);
			if (found) {
				mailbox.close();
			}
			return found;
		});
	}

	/** Returns the time that all links live in. */
	public LinkClock clock() {
		return this.clock;
	}

	String fingerprint(String key) {
		return this.fingerprints.apply(key);
	}

	LinkPolicy policy() {
		return this.policy;
	}

	/** Puts news into the mailbox of every listener; calls nobody. */
	void tell(Consumer<LinkListener> event) {
		tell(Mailbox.Kind.NEWS, event);
	}

	private void tell(Mailbox.Kind kind, Consumer<LinkListener> event) {
		this.mailboxes.forEach((mailbox) -> mailbox.put(kind, event));
	}

	// Only hands over: the thread may be the container's, and one peer may be stalled
	// (B18).
	void ended(Link link, EndCause cause) {
		this.endedLinks.add(link.fingerprint(), cause);
		this.counts.ended(cause);
		link.sockets().forEach((socket) -> link.execute(Crew.CLOSING, () -> socket.end(cause)));
		link.execute(Crew.ENDING, link.home()::invalidate);
		if (this.store.isShared()) {
			link.execute(Crew.ENDING, () -> this.store.ended(link, cause));
		}
		tell((listener) -> listener.ended(link, cause));
		this.clock.schedule(() -> forget(link), REMEMBER_ENDED);
	}

	private void forget(Link link) {
		this.byKey.remove(link.key(), link);
		this.whenForgotten.accept(link);
	}

}
