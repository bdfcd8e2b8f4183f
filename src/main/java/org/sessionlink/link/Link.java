package org.sessionlink.link;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Ties one HTTP session to all WebSockets opened under it.
 *
 * <p>
 * Safe for use by any thread. What changes, who changes it, and in which step:
 * <ul>
 * <li>the end: whoever ends it, by one compare-and-set; it is never left (B2)
 * <li>the last activity: every frame and request, by one volatile write
 * <li>the sockets: each by itself, in a concurrent set, counted by an atomic number that
 * a limit is held against; one that registers looks at the end afterwards, so that either
 * it or the end closes it (B17)
 * <li>the identity: whoever knows better, by one atomic exchange; sockets that are told
 * read it anew, so that the last word wins in whatever order they hear (B12)
 * <li>the remote address: the first handshake, under the link's lock
 * <li>the frames that it may still send: each frame, by one compare-and-set
 * <li>home and id of the HTTP session: each request that comes with it, and the
 * container's id event (B11), by volatile writes that may come in any number
 * <li>what the timer remembers: the timer alone, under the link's lock
 * </ul>
 */
public final class Link {

	/**
	 * How far behind the activity the container's own clock may be, as part of the
	 * timeout.
	 */
	private static final int TOUCHES_PER_TIMEOUT = 10;

	private static final Duration LONGEST_TOUCH_INTERVAL = Duration.ofMinutes(1);

	/** A container that reaps in time may be a little ahead of the link's own timer. */
	private static final Duration EARLY = Duration.ofSeconds(1);

	private final String key;

	private final String fingerprint;

	private final Links links;

	private final Instant createdAt;

	private final long createdNanos;

	private final Set<LinkedSocket> sockets = ConcurrentHashMap.newKeySet();

	private final AtomicInteger socketCount = new AtomicInteger();

	private final AtomicReference<@Nullable EndCause> end = new AtomicReference<>();

	private final AtomicReference<@Nullable Identity> identity = new AtomicReference<>();

	private final @Nullable TokenBucket frames;

	private @Nullable String address;

	private volatile String sessionId;

	private volatile Home home;

	private volatile long timeoutNanos;

	private volatile long lastActivity;

	private volatile boolean warned;

	private long lastTouch;

	private @Nullable Future<?> timer;

	Link(Links links, String key, String sessionId, Home home) {
		this.links = links;
		this.key = key;
		this.fingerprint = fingerprintOf(key);
		this.sessionId = sessionId;
		this.home = home;
		this.timeoutNanos = nanos(home.timeout());
		this.createdAt = links.clock().now();
		this.createdNanos = links.clock().nanoTime();
		this.lastActivity = this.createdNanos;
		this.lastTouch = this.createdNanos;
		LinkLimits limits = links.policy().limits();
		this.frames = (limits.framesPerSecond() > 0)
				? new TokenBucket(limits.framesPerSecond(), limits.frameBurst(), this.createdNanos) : null;
	}

	/**
	 * Returns the random key that names this link inside the server. It is a secret:
	 * never log or send it.
	 */
	public String key() {
		return this.key;
	}

	/**
	 * Returns eight hexadecimal digits that name this link in logs and to people (G7);
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
		return this.sessionId;
	}

	/** Returns where the HTTP session lives. */
	public Home home() {
		return this.home;
	}

	/** Returns why this link has ended, or null while it is open. */
	public @Nullable EndCause endCause() {
		return this.end.get();
	}

	/** Returns when this link was opened. */
	public Instant createdAt() {
		return this.createdAt;
	}

	/** Returns when this link was last used. */
	public Instant lastActivity() {
		LinkClock clock = this.links.clock();
		return clock.now().minusNanos(clock.nanoTime() - this.lastActivity);
	}

	/** Returns the timeout of the HTTP session, or null where it has none. */
	public @Nullable Duration timeout() {
		return (this.timeoutNanos > 0) ? Duration.ofNanos(this.timeoutNanos) : null;
	}

	/**
	 * Returns the time until the end if nothing happens, never negative; null where there
	 * is none in sight.
	 */
	public @Nullable Duration remaining() {
		long deadline = deadline();
		if (deadline == Long.MAX_VALUE) {
			return null;
		}
		return Duration.ofNanos(Math.max(0, deadline - age()));
	}

	/**
	 * Returns whether clients have been told that the end is near, and not yet that it
	 * was put off.
	 */
	public boolean isExpiring() {
		return this.warned;
	}

	/** Returns the open sockets. */
	public List<LinkedSocket> sockets() {
		return List.copyOf(this.sockets);
	}

	/** Counts as activity (B7): one volatile write, and two reads. */
	public void active() {
		this.lastActivity = this.links.clock().nanoTime();
		if (this.warned) {
			tickSoon();
		}
	}

	/** Counts as activity, and tells all sockets how long the link lasts now (B15). */
	public void extend() {
		synchronized (this) {
			this.lastActivity = this.links.clock().nanoTime();
			// So that the timer does not tell the same once more.
			this.warned = false;
		}
		tickSoon();
		Duration remaining = remaining();
		if (remaining != null) {
			this.links.tell((listener) -> listener.extended(this, remaining));
		}
	}

	/**
	 * Ends this link, its sockets and its HTTP session, unless it has ended before.
	 * @return whether this call ended it
	 */
	public boolean end(EndCause cause) {
		if (!this.end.compareAndSet(null, cause)) {
			return false;
		}
		stopTimer();
		leaveAddress();
		this.links.ended(this, cause);
		return true;
	}

	/**
	 * Ends one of the sockets alone: at once for its messages, and off this thread for
	 * the socket itself (B12, B14).
	 */
	public void end(LinkedSocket socket, EndCause cause) {
		socket.shut();
		this.links.clock().execute(Crew.CLOSING, () -> socket.end(cause));
	}

	/** Returns the time that this link lives in, and the threads that work for it. */
	public LinkClock clock() {
		return this.links.clock();
	}

	/** Counts something that was refused to this link's client (B27). */
	public void refused(Refused reason) {
		this.links.refused(reason);
	}

	/** What became of a socket that was to be registered. */
	public enum Added {

		/** It is, and the link will end it. */
		OPEN,

		/** The link has ended: the caller must end the socket. */
		ENDED,

		/** There are as many as may be (B27): the caller must close the socket. */
		TOO_MANY

	}

	/** Registers an open socket. */
	public Added add(LinkedSocket socket) {
		int most = this.links.policy().limits().socketsPerLink();
		if (this.socketCount.incrementAndGet() > most && most > 0) {
			this.socketCount.decrementAndGet();
			return Added.TOO_MANY;
		}
		this.sockets.add(socket);
		if (this.end.get() == null) {
			tellId(socket);
			socket.identityChanged();
			return Added.OPEN;
		}
		remove(socket);
		return Added.ENDED;
	}

	/** Forgets a socket that has closed; any number of times. */
	public void remove(LinkedSocket socket) {
		if (this.sockets.remove(socket)) {
			this.socketCount.decrementAndGet();
		}
	}

	/**
	 * Returns whether one more socket may be opened; {@link #add} has the last word.
	 */
	public boolean hasRoom() {
		int most = this.links.policy().limits().socketsPerLink();
		return most == 0 || this.socketCount.get() < most;
	}

	/**
	 * Counts this link for the remote address that its first socket comes from.
	 * @return false if as many links as may be come from there already (B27)
	 */
	public synchronized boolean comesFrom(String remoteAddress) {
		if (this.address != null || this.end.get() != null) {
			return true;
		}
		if (!this.links.countIn(remoteAddress)) {
			return false;
		}
		this.address = remoteAddress;
		return true;
	}

	/**
	 * Returns the remote address that this open link is counted for, or null where it is
	 * not known.
	 */
	public synchronized @Nullable String remoteAddress() {
		return this.address;
	}

	private synchronized void leaveAddress() {
		if (this.address != null) {
			this.links.countOut(this.address);
			this.address = null;
		}
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
		return this.identity.get();
	}

	/** Takes over who the HTTP session belongs to, and tells all sockets of a change. */
	public void identify(Identity now) {
		Identity before = this.identity.getAndSet(now);
		if (now.sameAs(before)) {
			return;
		}
		this.sockets.forEach(LinkedSocket::identityChanged);
		// That a new visitor is nobody in particular is no news.
		if (before != null || !now.sameAs(Identity.ANONYMOUS)) {
			this.links.tell((listener) -> listener.identityChanged(this, now));
		}
	}

	/**
	 * Returns everyone who is behind this link: who its HTTP session belongs to, where
	 * somebody has said so, and who is at the other end of each socket.
	 */
	public Set<Identity> identities() {
		Set<Identity> identities = new LinkedHashSet<>();
		Identity owner = this.identity.get();
		if (owner != null) {
			identities.add(owner);
		}
		this.sockets.forEach((socket) -> identities.add(socket.socketLink().identity()));
		return identities;
	}

	/** Returns whether one of those behind this link has this name. */
	public boolean belongsTo(String user) {
		return identities().stream().anyMatch((identity) -> user.equals(identity.name()));
	}

	/**
	 * Takes over what a request or the container brings: the HTTP session as it is now.
	 */
	public void moveTo(Home newHome, String newId) {
		this.home = newHome;
		sessionIdChanged(newId);
		long timeout = nanos(newHome.timeout());
		if (timeout != this.timeoutNanos) {
			this.timeoutNanos = timeout;
			tickSoon();
		}
	}

	void sessionIdChanged(String newId) {
		if (!newId.equals(this.sessionId)) {
			this.sessionId = newId;
			this.sockets.forEach(this::tellId);
		}
	}

	private void tellId(LinkedSocket socket) {
		// Again where the id has changed meanwhile: what the other thread told the socket
		// may have come first.
		String told;
		do {
			told = this.sessionId;
			socket.sessionIdChanged(told);
		}
		while (!told.equals(this.sessionId));
	}

	/**
	 * Ends this link if its time is over and its timer has not come to it yet (B9).
	 * @return whether it has ended, now or before
	 */
	public boolean endIfDue() {
		if (this.end.get() == null && age() >= deadline()) {
			tick();
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

	/**
	 * Looks at the time, does what is due, and moves the timer to what comes next; may
	 * come at any time, any number of times.
	 */
	synchronized void tick() {
		if (this.end.get() != null) {
			return;
		}
		long age = age();
		if (age >= maxAgeNanos()) {
			end(EndCause.MAX_AGE);
			return;
		}
		if (age >= deadline()) {
			end(EndCause.EXPIRED);
			return;
		}
		warnOrTakeBack(deadline() - age);
		touchIfUsed(age);
		scheduleNext(age);
	}

	private void warnOrTakeBack(long remainingNanos) {
		boolean near = remainingNanos <= warningNanos();
		if (near == this.warned) {
			return;
		}
		this.warned = near;
		Duration remaining = Duration.ofNanos(remainingNanos);
		this.links.tell((listener) -> {
			if (near) {
				listener.expiring(this, remaining);
			}
			else {
				listener.extended(this, remaining);
			}
		});
	}

	private void touchIfUsed(long age) {
		long activity = this.lastActivity - this.createdNanos;
		long touched = this.lastTouch - this.createdNanos;
		if (activity > touched && age - touched >= touchInterval()) {
			this.lastTouch = this.createdNanos + age;
			this.links.clock().execute(Crew.TOUCHING, this::touch);
		}
	}

	private void touch() {
		if (this.end.get() == null) {
			this.home.touch();
		}
	}

	private void scheduleNext(long age) {
		long next = deadline();
		if (!this.warned && next != Long.MAX_VALUE) {
			next = Math.max(age + 1, next - warningNanos());
		}
		if (this.timeoutNanos > 0) {
			next = Math.min(next, age + touchInterval());
		}
		stopTimer();
		if (next != Long.MAX_VALUE) {
			this.timer = this.links.clock().schedule(this::tick, Duration.ofNanos(next - age));
		}
	}

	private synchronized void stopTimer() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

	private void tickSoon() {
		this.links.clock().schedule(this::tick, Duration.ZERO);
	}

	private long age() {
		return this.links.clock().nanoTime() - this.createdNanos;
	}

	/**
	 * Returns the age, in nanoseconds, at which the timeout or the greatest age is
	 * reached.
	 */
	private long deadline() {
		long timeout = this.timeoutNanos;
		long expiry = (timeout > 0) ? (this.lastActivity - this.createdNanos) + timeout : Long.MAX_VALUE;
		return Math.min(expiry, maxAgeNanos());
	}

	private long maxAgeNanos() {
		Duration maxAge = this.links.policy().maxAge();
		return (maxAge != null) ? maxAge.toNanos() : Long.MAX_VALUE;
	}

	private long warningNanos() {
		// A warning as long as the timeout itself would never be taken back.
		long timeout = this.timeoutNanos;
		long warning = this.links.policy().expiryWarning().toNanos();
		return (timeout > 0) ? Math.min(warning, timeout / 2) : warning;
	}

	private long touchInterval() {
		return Math.min(this.timeoutNanos / TOUCHES_PER_TIMEOUT, LONGEST_TOUCH_INTERVAL.toNanos());
	}

	private static long nanos(Duration timeout) {
		return (timeout.isNegative() || timeout.isZero()) ? 0 : timeout.toNanos();
	}

	@Override
	public String toString() {
		EndCause cause = endCause();
		return "link " + this.fingerprint + ((cause != null) ? " (" + cause.reason() + ")" : "");
	}

	private static String fingerprintOf(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 4);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
