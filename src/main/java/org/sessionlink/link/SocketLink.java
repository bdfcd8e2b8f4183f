package org.sessionlink.link;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * What a socket's attributes hold of its link, and what the link needs to know of the
 * socket: put there by the handshake, read with every frame.
 *
 * <p>
 * Safe for use by any thread; what changes is one volatile field each, written by the
 * socket's own opening and its frames.
 */
public final class SocketLink {

	/** The attribute under which applications find the id of the HTTP session (G3). */
	public static final String SESSION_ID = "sessionId";

	private static final String ATTRIBUTE = SocketLink.class.getName();

	/** So that what is never answered does not add up. */
	private static final int MOST_PINGS = 16;

	private final Link link;

	private final SocketIdentity identity;

	private final Function<Principal, Identity> identities;

	private final @Nullable String remoteAddress;

	private final @Nullable String userAgent;

	private final long openedAtMillis;

	private final long openedAtNanos;

	private final Traffic traffic;

	private final Subscriptions subscriptions;

	private volatile boolean returning;

	private volatile boolean busy;

	private volatile @Nullable String stompVersion;

	private final AtomicInteger pings = new AtomicInteger();

	private volatile Turns turns = Step::run;

	private volatile AfterFrame afterFrame = (handled, otherwise) -> handled.run();

	private volatile Runnable whenHeard = () -> {
	};

	private volatile @Nullable SocketPresence presence;

	private volatile @Nullable CloseCause closesFor;

	private volatile @Nullable CloseCause failedFor;

	/** Of a socket whose handshake came from nobody in particular. */
	public SocketLink(Link link) {
		this(link, Identity.ANONYMOUS);
	}

	/** Of a socket whose handshake came from somebody, under the session's own id. */
	public SocketLink(Link link, Identity handshake) {
		this(link, handshake, link.sessionId());
	}

	/** Of a socket whose handshake came from somebody, from where is not known. */
	public SocketLink(Link link, Identity handshake, @Nullable String shownId) {
		this(link, handshake, shownId, null);
	}

	/** Of a socket whose handshake came from somebody, whose principals have no roles. */
	public SocketLink(Link link, Identity handshake, @Nullable String shownId, @Nullable String remoteAddress) {
		this(link, handshake, shownId, remoteAddress, (principal) -> new Identity(principal, Set.of()));
	}

	/** Of a socket whose handshake came from somebody, with what is not known. */
	public SocketLink(Link link, Identity handshake, @Nullable String shownId, @Nullable String remoteAddress,
			Function<Principal, Identity> identities) {
		this(link, handshake, shownId, remoteAddress, null, identities);
	}

	/**
	 * Of a socket whose handshake came from somebody.
	 * @param shownId the id of the HTTP session that the handshake has shown, or that was
	 * made for it; null where it has shown none that the session has now
	 * @param remoteAddress where it came from, or null where that is not known
	 * @param userAgent what its client says that it is, or null where it says nothing;
	 * cut where it says much
	 * @param identities who a principal is, with their roles
	 */
	public SocketLink(Link link, Identity handshake, @Nullable String shownId, @Nullable String remoteAddress,
			@Nullable String userAgent, Function<Principal, Identity> identities) {
		this.link = link;
		this.identities = identities;
		this.identity = new SocketIdentity(link::identity, link::sessionId, handshake, shownId);
		this.remoteAddress = remoteAddress;
		this.userAgent = (userAgent != null) ? Seen.cut(userAgent) : null;
		this.traffic = new Traffic(link.clock());
		this.openedAtNanos = link.clock().nanoTime();
		this.openedAtMillis = link.clock().now().toEpochMilli();
		this.subscriptions = new Subscriptions(link.clock());
	}

	/** Returns what these attributes hold, or null where there is nothing. */
	public static @Nullable SocketLink in(@Nullable Map<String, Object> attributes) {
		return (attributes != null) ? (SocketLink) attributes.get(ATTRIBUTE) : null;
	}

	/**
	 * Returns the open link of the socket with these attributes.
	 * @throws NoLiveSessionException if the socket has no link, or one that has ended
	 */
	public static Link live(@Nullable Map<String, Object> attributes) {
		SocketLink socket = in(attributes);
		if (socket == null) {
			throw new NoLiveSessionException("no-session");
		}
		if (socket.link.endCause() != null) {
			throw notAlive(socket.link);
		}
		return socket.link;
	}

	/** Returns the exception that says why a link is not alive. */
	public static NoLiveSessionException notAlive(Link link) {
		EndCause cause = link.endCause();
		return new NoLiveSessionException((cause != null) ? cause.reason() : EndCause.ENDED.reason());
	}

	/** Writes this, and the id of the HTTP session, into a socket's attributes. */
	public void putInto(Map<String, Object> attributes) {
		attributes.put(ATTRIBUTE, this);
		attributes.put(SESSION_ID, this.link.sessionId());
	}

	/** Returns the link of the socket. */
	public Link link() {
		return this.link;
	}

	/** Returns the remote address of the socket, or null where it is not known. */
	public @Nullable String remoteAddress() {
		return this.remoteAddress;
	}

	/** Returns what its client says that it is (B23), or null where it says nothing. */
	public @Nullable String userAgent() {
		return this.userAgent;
	}

	/** Returns what goes through the socket (B23). */
	public Traffic traffic() {
		return this.traffic;
	}

	/** Returns when the handshake of the socket came (B23). */
	public Instant openedAt() {
		return Instant.ofEpochMilli(this.openedAtMillis);
	}

	/** Returns how long ago that was, whatever clock has said when. */
	public Duration age() {
		return Duration.ofNanos(this.link.clock().nanoTime() - this.openedAtNanos);
	}

	/** Returns what the socket is subscribed to. */
	public Subscriptions subscriptions() {
		return this.subscriptions;
	}

	/**
	 * Returns who is at the other end (B12): who logged in with the CONNECT frame; else
	 * whom the application's own handshake handler has determined, as long as the HTTP
	 * session is the same person's; else who the session says it is, as far as the socket
	 * may act for them; else who the handshake came from (G8).
	 */
	public Identity identity() {
		return this.identity.now();
	}

	/**
	 * Returns the name of who is at the other end, for logs and operators, whatever the
	 * application's own principals throw: none where they cannot say it.
	 */
	public @Nullable String shownName() {
		try {
			return identity().name();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Returns whether the HTTP session has got rights under a new id that this socket has
	 * not shown: it never gets them, and its client had better come back with that id.
	 */
	public boolean isOutgrown() {
		return this.identity.isOutgrown();
	}

	/** Remembers whom the application's own handshake handler has determined (B39). */
	public void determined(Principal user) {
		this.identity.determined(identityOf(user));
	}

	/** Remembers who logged in with the CONNECT frame (B35). */
	public void loggedIn(Principal user) {
		loggedIn(identityOf(user));
	}

	// Whoever the application names is somebody, if only a guest with a name.
	private Identity identityOf(Principal user) {
		Identity identity = this.identities.apply(user);
		return (identity.principal() != null) ? identity : new Identity(user, Set.of());
	}

	/** Remembers who logged in with the CONNECT frame (B35). */
	public void loggedIn(Identity identity) {
		this.identity.loggedIn(identity);
	}

	/**
	 * Forgets who logged in with a CONNECT frame, as the application has stopped that.
	 */
	public void notLoggedIn() {
		this.identity.loggedIn(null);
	}

	/** Returns whether somebody logged in with the CONNECT frame. */
	public boolean isLoggedIn() {
		return this.identity.isLoggedIn();
	}

	/**
	 * Remembers whether the client has come back by itself, and has not done anything
	 * since but what it does each time (B8).
	 */
	public void returning(boolean now) {
		if (this.returning != now) {
			this.returning = now;
		}
	}

	/** Returns whether what the client does so far it does by itself. */
	public boolean isReturning() {
		return this.returning;
	}

	/**
	 * Remembers whether the thread that reads is busy with a frame: nothing else of the
	 * client's is read meanwhile.
	 */
	public void busy(boolean now) {
		this.busy = now;
	}

	/** Returns whether what the client sends cannot be read, as a frame is handled. */
	public boolean isBusy() {
		return this.busy;
	}

	/** Returns whether the client's CONNECT frame was let through. */
	public boolean isConnected() {
		return this.stompVersion != null;
	}

	/** Remembers that the client's CONNECT frame was let through, for this version. */
	public void connected(String version) {
		this.stompVersion = version;
	}

	/** Returns the version of STOMP that is spoken: 1.0, 1.1 or 1.2. */
	public String stompVersion() {
		String version = this.stompVersion;
		return (version != null) ? version : "1.2";
	}

	/** Remembers who runs what happens to the socket one after the other (B17). */
	public void takesTurns(Turns turns) {
		this.turns = turns;
	}

	/** Runs a step of handling a frame as soon as nothing else happens to the socket. */
	public void inTurn(Step step) throws Exception {
		this.turns.take(step);
	}

	/** Remembers who runs what is to come after a frame has been handled. */
	public void handledBy(AfterFrame afterFrame) {
		this.afterFrame = afterFrame;
	}

	/**
	 * Runs a task once the frame that this thread handles has been handled: now, unless
	 * its method is yet to be called on another thread.
	 */
	public void afterFrame(Runnable task) {
		afterFrame(task, () -> {
		});
	}

	/**
	 * Runs one of two tasks once the frame that this thread handles has been handled, or
	 * will not be any more.
	 */
	public void afterFrame(Runnable handled, Runnable otherwise) {
		this.afterFrame.run(handled, otherwise);
	}

	/** Remembers that the server pings the client, which will have to answer. */
	public void pinged() {
		this.pings.updateAndGet((open) -> Math.min(open + 1, MOST_PINGS));
	}

	/** Returns whether what the client answers is a ping, and takes that for answered. */
	public boolean answersPing() {
		return this.pings.getAndUpdate((open) -> Math.max(open - 1, 0)) > 0;
	}

	/** Remembers what to run when something is heard of the client. */
	public void whenHeard(Runnable task) {
		this.whenHeard = task;
	}

	/** Says that something was read from the client which is handled later (B36). */
	public void heard() {
		this.whenHeard.run();
	}

	/** Remembers what the socket is about to be closed for, by whoever it is (B53). */
	public void closesFor(CloseCause cause) {
		this.closesFor = cause;
	}

	/** Returns what the socket is about to be closed for, or null for nothing so far. */
	public @Nullable CloseCause closesFor() {
		return this.closesFor;
	}

	/** Remembers what has failed at the socket, which may close for it (B53). */
	public void failedFor(CloseCause cause) {
		this.failedFor = cause;
	}

	/** Returns what has failed at the socket, or null for nothing so far. */
	public @Nullable CloseCause failedFor() {
		return this.failedFor;
	}

	/** Remembers what makes whoever is behind the socket present (B37). */
	void attends(SocketPresence present) {
		this.presence = present;
	}

	/** Returns what makes whoever is behind the socket present, or null for nothing. */
	public @Nullable SocketPresence presence() {
		return this.presence;
	}

	/** Looks anew where the socket makes whoever is behind it present, if anywhere. */
	public void settlePresence() {
		SocketPresence present = this.presence;
		if (present != null) {
			present.settle();
		}
	}

	/** Makes what happens to one socket happen one after the other. */
	public interface Turns {

		void take(Step step) throws Exception;

	}

	/** What happens to a socket. */
	public interface Step {

		void run() throws Exception;

	}

}
