package org.sessionlink.link;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Ties one HTTP session to all WebSockets opened under it.
 *
 * <p>
 * Safe for use by any thread. What changes, who changes it, and in which step:
 * <ul>
 * <li>the end: whoever ends it, by one compare-and-set; it is never left (B2)
 * <li>the time, in {@link Lifetime}, and what the timer remembers, in {@link LinkTimer}
 * <li>the sockets, in {@link LinkSockets}; one that registers looks at the end
 * afterwards, so that either it or the end closes it (B17)
 * <li>the address that they are counted for, in {@link Whereabouts}
 * <li>whose the HTTP session is and under which id, in {@link LinkIdentity}, and for whom
 * it counts, in {@link Ownership}
 * <li>where the HTTP session lives: each request that comes with it, by one volatile
 * write
 * <li>the frames that it may still send: each frame, by one compare-and-set
 * <li>since when it closes: the end, and whoever closes the last socket, by one step each
 * </ul>
 */
public final class Link {

	/** A container that reaps in time may be a little ahead of the link's own timer. */
	private static final Duration EARLY = Duration.ofSeconds(1);

	private static final long NOT_YET = Long.MIN_VALUE;

	private static final long TOLD = NOT_YET + 1;

	private final String key;

	private final String fingerprint;

	private final Links links;

	private final Lifetime lifetime;

	private final LinkTimer timer;

	private final LinkSockets sockets;

	private final AtomicReference<@Nullable EndCause> end = new AtomicReference<>();

	/** When the end came, until the last socket has closed and that was told. */
	private final AtomicLong closing = new AtomicLong(NOT_YET);

	private final LinkIdentity identity;

	private final @Nullable TokenBucket frames;

	private final Whereabouts whereabouts;

	private final AtomicReference<@Nullable SentIds> sentIds = new AtomicReference<>();

	private volatile Home home;

	private volatile boolean begunHere;

	Link(Links links, String key, Instant createdAt, String sessionId, Home home) {
		this.links = links;
		this.whereabouts = new Whereabouts(links.addressCounts());
		this.key = key;
		this.fingerprint = links.fingerprint(key);
		this.home = home;
		this.lifetime = new Lifetime(links.clock(), links.policy(), createdAt, home);
		this.timer = new LinkTimer(this, links, this.lifetime);
		LinkLimits limits = links.policy().limits();
		this.sockets = new LinkSockets(this, limits.socketsPerLink());
		this.identity = new LinkIdentity(this, links, this.sockets, sessionId);
		this.frames = limits.limitsFrames()
				? new TokenBucket(limits.framesPerSecond(), limits.frameBurst(), links.clock().nanoTime()) : null;
	}

	/**
	 * Returns the random key that names this link inside the server. It is a secret:
	 * never log or send it.
	 */
	public String key() {
		return this.key;
	}

	/**
	 * Returns sixteen hexadecimal digits that name this link in logs and to people (G7);
	 * the same for its whole life.
	 */
	public String fingerprint() {
		return this.fingerprint;
	}

	/**
	 * Returns the id that the HTTP session has now. It is a credential: never log or send
	 * it.
	 */
	public String sessionId() {
		return this.identity.sessionId();
	}

	/** Returns where the HTTP session lives. */
	public Home home() {
		return this.home;
	}

	/** Returns why this link has ended, or null while it is open. */
	public @Nullable EndCause endCause() {
		return this.end.get();
	}

	/** Returns when the HTTP session was created. */
	public Instant createdAt() {
		return this.lifetime.createdAt();
	}

	/** Returns how long ago that was, whatever clock has said when. */
	public Duration age() {
		return Duration.ofNanos(this.lifetime.age());
	}

	/** Returns when this link was last used. */
	public Instant lastActivity() {
		return this.lifetime.lastUsedAt();
	}

	/** Returns the timeout of the HTTP session, or null where it has none. */
	public @Nullable Duration timeout() {
		return this.lifetime.timeout();
	}

	/**
	 * Returns the time until the end if nothing happens, never negative; null where there
	 * is none in sight.
	 */
	public @Nullable Duration remaining() {
		return this.lifetime.remaining();
	}

	/**
	 * Returns the time until the greatest age is reached, never negative; null where
	 * there is none (B10).
	 */
	public @Nullable Duration ageRemaining() {
		return this.lifetime.ageRemaining();
	}

	/**
	 * Returns whether clients have been told that the end is near, and not yet that it
	 * was put off.
	 */
	public boolean isExpiring() {
		return this.timer.isWarning();
	}

	/** Returns the open sockets. */
	public List<LinkedSocket> sockets() {
		return this.sockets.all();
	}

	/** Returns what has gone through its sockets, also those that have closed (B23). */
	public TrafficSum traffic() {
		return this.sockets.traffic();
	}

	/**
	 * Returns how long ago a frame came last that was no heart-beat (B23), or a socket
	 * opened; null where there was none.
	 */
	public @Nullable Duration lastFrame() {
		Long last = this.sockets.lastFrame();
		return (last != null) ? Duration.ofNanos(clock().nanoTime() - last) : null;
	}

	/**
	 * Returns how long ago the last request was that counted as activity (B23), zero
	 * while one is in progress; null where there was none on this server.
	 */
	public @Nullable Duration lastRequest() {
		return this.lifetime.lastRequest();
	}

	/** Counts as activity (B7): one volatile write, and two reads. */
	public void active() {
		this.lifetime.used();
		if (this.timer.isAttentive()) {
			this.timer.tickSoon();
		}
	}

	/** Takes note that another server has seen a use (B7). */
	public void usedElsewhere(Duration ago) {
		if (this.lifetime.usedElsewhere(ago) && this.timer.isWarning()) {
			this.timer.tickSoon();
		}
	}

	/** Returns how long ago the last use was. */
	public Duration idle() {
		return this.lifetime.idle();
	}

	/**
	 * Takes note of a request in progress, during which the link is used all the time
	 * (B43).
	 * @param request stands for it as long as it lasts: once nothing else holds this, it
	 * is over in any case
	 */
	public void requestBegins(Object request) {
		this.lifetime.requestBegins(request);
		if (this.timer.isAttentive()) {
			this.timer.tickSoon();
		}
	}

	/** Takes note of the end of a request in progress, which is activity as well. */
	public void requestEnds(Object request) {
		this.lifetime.requestEnds(request);
	}

	/** Takes note that a request in progress is no activity after all (B8). */
	public void requestIsNone(Object request) {
		this.lifetime.requestIsNone(request);
	}

	/** Counts as activity, and tells all sockets how long the link lasts now (B15). */
	public void extend() {
		this.lifetime.used();
		this.timer.extended();
	}

	/**
	 * Ends this link, its sockets and its HTTP session, unless it has ended before.
	 * @return whether this call ended it
	 */
	public boolean end(EndCause cause) {
		if (this.end.get() == null) {
			this.closing.compareAndSet(NOT_YET, this.links.clock().nanoTime());
		}
		if (!this.end.compareAndSet(null, cause)) {
			return false;
		}
		this.timer.stop();
		this.identity.ownership().follow(UserSessions.NOW);
		this.links.ended(this, cause);
		return true;
	}

	/**
	 * Ends one of the sockets alone: at once for its messages, and off this thread for
	 * the socket itself (B12, B14).
	 */
	public void end(LinkedSocket socket, EndCause cause) {
		Telling.tell("The gate of a socket", socket::shut);
		execute(Crew.CLOSING, () -> socket.end(cause));
	}

	/** Returns the time that this link lives in, and the threads that work for it. */
	public LinkClock clock() {
		return this.links.clock();
	}

	/**
	 * Runs a task that may block, on a thread of its crew, of which this link has its
	 * share (B18).
	 */
	public void execute(Crew crew, Runnable task) {
		this.links.clock().execute(crew, this, task);
	}

	/** Returns whether the server lets its clients go (B54). */
	public boolean isLeaving() {
		return this.links.isLeaving();
	}

	/** Returns what has happened to all links of this server, in numbers. */
	public Counts counts() {
		return this.links.counts();
	}

	/** Counts something that was refused to this link's client (B27). */
	public void refused(Refused reason) {
		this.links.refused(this, reason);
	}

	/** Returns who hears how long things take: {@link Timings#NONE} is nobody. */
	public Timings timings() {
		return this.links.timings();
	}

	/** What became of a socket that was to be registered. */
	public enum Added {

		/** It is, and the link will end it. */
		OPEN,

		/** The link has ended: the caller must end the socket. */
		ENDED,

		/** There are as many as may be (B27): the caller must close the socket. */
		TOO_MANY,

		/**
		 * As many links as may be come from its address (B27): the caller must close the
		 * socket.
		 */
		TOO_MANY_LINKS,

		/** The server lets its clients go (B54): the caller must close the socket. */
		LEAVING

	}

	/** Registers an open socket. */
	public Added add(LinkedSocket socket) {
		if (!this.whereabouts.enter(socket.remoteAddress())) {
			return Added.TOO_MANY_LINKS;
		}
		if (!this.sockets.add(socket)) {
			this.whereabouts.leave();
			return Added.TOO_MANY;
		}
		if (this.end.get() != null) {
			forget(socket);
			return Added.ENDED;
		}
		if (this.links.isLeaving()) {
			forget(socket);
			return Added.LEAVING;
		}
		this.identity.tell(socket);
		return Added.OPEN;
	}

	/** Forgets a socket that has closed; any number of times. */
	public void remove(LinkedSocket socket) {
		if (forget(socket) && this.end.get() != null && this.sockets.isEmpty()) {
			long since = this.closing.getAndSet(TOLD);
			if (since != TOLD) {
				timings().took(Timed.CLOSE, this.links.clock().nanoTime() - since);
			}
		}
	}

	private boolean forget(LinkedSocket socket) {
		boolean removed = this.sockets.remove(socket);
		if (removed) {
			this.whereabouts.leave();
		}
		return removed;
	}

	/** Takes note of a socket that has opened, whether or not there is room for it. */
	public void socketOpened(LinkedSocket socket) {
		this.links.opened(socket);
	}

	/** Takes note of a socket that has closed; once for each that has opened (B53). */
	public void socketClosed(SocketClosed socket) {
		this.links.closed(socket);
	}

	/** Takes note of what a client of one of its sockets has subscribed to. */
	public void subscribed(SocketLink client, Subscription subscription) {
		this.sockets.all()
			.stream()
			.filter((socket) -> socket.socketLink() == client)
			.forEach((socket) -> this.links.subscribed(socket, subscription));
	}

	/**
	 * Returns whether one more socket may be opened; {@link #add} has the last word.
	 */
	public boolean hasRoom() {
		return this.sockets.hasRoom();
	}

	/**
	 * Returns whether a socket may be opened from this remote address: this link has
	 * others open, or fewer links than may be come from there (B27); {@link #add} has the
	 * last word.
	 */
	public boolean mayComeFrom(String remoteAddress) {
		return this.whereabouts.mayEnter(remoteAddress);
	}

	/**
	 * Returns the remote address that this link is counted for, that of the first of its
	 * open sockets, or null where it has none or its address is not known.
	 */
	public @Nullable String remoteAddress() {
		return this.whereabouts.address();
	}

	/**
	 * Counts frames that a client has sent.
	 * @return false if that is more than it may send at this time (B27)
	 */
	public boolean takeFrames(int count) {
		return this.frames == null || this.frames.take(count, this.links.clock().nanoTime());
	}

	/** Returns who the HTTP session belongs to, or null where nobody has said (B12). */
	public @Nullable Identity identity() {
		return this.identity.owner();
	}

	/** Takes over who the HTTP session belongs to, and tells all sockets of a change. */
	public void identify(Identity now) {
		this.identity.identify(now, UserSessions.NOW);
	}

	/**
	 * Takes over who the HTTP session has belonged to before this server knew it, as
	 * after a restart: it counts as theirs for as long as it has been there (B49).
	 */
	public void identifyAsBefore(Identity now) {
		this.identity.identify(now, this.begunHere ? UserSessions.NOW : this.links.clock().now().minus(age()));
	}

	/**
	 * Takes note that the HTTP session has only begun: whose it becomes from now on has
	 * only logged in, whoever is the first to see it.
	 */
	public void begunHere() {
		this.begunHere = true;
	}

	/**
	 * Returns everyone who is behind this link: who its HTTP session belongs to, where
	 * somebody has said so, and who is at the other end of each socket.
	 */
	public Set<Identity> identities() {
		return this.identity.everyone();
	}

	/** Returns whether one of those behind this link has this name. */
	public boolean belongsTo(String user) {
		return this.identity.belongsTo(user);
	}

	/** Returns whose the HTTP session is, whoever is at the other end of a socket. */
	public Ownership ownership() {
		return this.identity.ownership();
	}

	/**
	 * Takes over what a request or the container brings: the HTTP session as it is now.
	 */
	public void moveTo(Home newHome, String newId) {
		this.home = newHome;
		this.identity.moveTo(newId);
		changeTimeout(newHome.timeout());
	}

	/**
	 * Takes over the timeout of the HTTP session as it is now (B43); zero or less means
	 * none.
	 */
	public void changeTimeout(Duration now) {
		if (this.lifetime.changeTimeout(now)) {
			this.timer.tickSoon();
		}
	}

	/**
	 * Ends this link if its time is over and its timer has not come to it yet (B9).
	 * @return whether it has ended, now or before
	 */
	public boolean endIfDue() {
		if (this.end.get() == null && this.lifetime.isDue()) {
			this.timer.tick();
		}
		return this.end.get() != null;
	}

	/**
	 * Ends this link as its container has ended the HTTP session: by its timeout where
	 * that is due, by somebody's will where it is not.
	 */
	public void sessionDestroyed() {
		Duration remaining = remaining();
		this.home = Home.GONE;
		end((remaining != null && remaining.compareTo(EARLY) <= 0) ? EndCause.EXPIRED : EndCause.ENDED);
	}

	/** Starts the timer. */
	void start() {
		this.timer.tick();
	}

	@Override
	public String toString() {
		EndCause cause = endCause();
		return "link " + this.fingerprint + ((cause != null) ? " (" + cause.reason() + ")" : "");
	}

	/** Returns what other servers know of the messages that it has sent (B52). */
	public SentStore sentElsewhere() {
		return this.links.sent();
	}

	/** Returns the ids of the messages that it has sent (B52). */
	public SentIds sentIds() {
		SentIds known = this.sentIds.get();
		if (known != null) {
			return known;
		}
		SentIds made = new SentIds(clock());
		return this.sentIds.compareAndSet(null, made) ? made : sentIds();
	}

}
