package org.sessionlink.outbound;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.OpenSockets;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Telling;
import org.sessionlink.wire.Patience;
import org.sessionlink.wire.Payload;
import org.sessionlink.wire.Writers;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.NamedThreadLocal;
import org.springframework.util.AntPathMatcher;
import org.springframework.util.PathMatcher;
import org.springframework.web.socket.CloseStatus;

/**
 * The open sockets of this server, by their ids: where what a broker has for clients goes
 * out, past Spring's outbound channel.
 *
 * <p>
 * Safe for use by any thread: each socket adds and removes itself, in one step on the
 * map. Whether the server goes down is one volatile field, written by its drain; the
 * settings are another, written before the first one opens.
 */
public final class Sockets implements OpenSockets, DisposableBean {

	/** Fewer than these are written to at once, by whoever publishes. */
	private static final int FEW = 4;

	/** In seconds. */
	private static final int LONGEST_HINT = 5;

	private static final PathMatcher destinations = new AntPathMatcher();

	private final ConcurrentMap<String, GatedSocket> byId = new ConcurrentHashMap<>();

	private final ThreadLocal<@Nullable Patience> patience = new NamedThreadLocal<>("What is sent together");

	private volatile OutboundSettings settings;

	private final Writers writers;

	private final LinkClock clock;

	private final Supplier<String> userPrefix;

	private final AtomicInteger hints = new AtomicInteger();

	private final Partings partings = new Partings();

	private volatile boolean stopping;

	/** Makes them where destinations of users begin as Spring has it. */
	Sockets(OutboundSettings settings, Writers writers, LinkClock clock) {
		this(settings, writers, clock, () -> "/user/");
	}

	/**
	 * Makes them.
	 * @param userPrefix what the destinations of users begin with
	 */
	Sockets(OutboundSettings settings, Writers writers, LinkClock clock, Supplier<String> userPrefix) {
		this.userPrefix = userPrefix;
		this.settings = settings;
		this.writers = writers;
		this.clock = clock;
	}

	/** Says what counts for the sockets that open from now on. */
	public void settings(OutboundSettings now) {
		this.settings = now;
	}

	OutboundSettings settings() {
		return this.settings;
	}

	Writers writers() {
		return this.writers;
	}

	/** Returns the time, as {@link Publication#begun()} wants it. */
	public long now() {
		return this.clock.nanoTime();
	}

	/** Returns the clock. */
	public LinkClock clock() {
		return this.clock;
	}

	/** Returns how many bytes may wait for one socket; 0 for any number. */
	public int sendBuffer() {
		return this.settings.sendBuffer();
	}

	/** Returns how many bytes wait for a socket now. */
	public long waiting(String socketId) {
		GatedSocket socket = this.byId.get(socketId);
		return (socket != null) ? socket.waiting() : 0;
	}

	/** Says whether the server goes down, and whoever closes sockets does so for that. */
	void stopping(boolean now) {
		this.stopping = now;
	}

	boolean areStopping() {
		return this.stopping;
	}

	/** Returns what the application has not heard of yet. */
	Partings partings() {
		return this.partings;
	}

	/** Returns those that nobody has begun to close. */
	List<GatedSocket> open() {
		return this.byId.values().stream().filter((socket) -> !socket.isClosing()).toList();
	}

	/**
	 * Returns after how many seconds the client of one more socket may come back: another
	 * for each, in turn, so that those that went at once do not come at once.
	 */
	int retryAfter() {
		return 1 + Math.floorMod(this.hints.getAndIncrement(), LONGEST_HINT);
	}

	/** Returns the open socket with this id, or null where there is none. */
	@Nullable GatedSocket get(String id) {
		return this.byId.get(id);
	}

	@Override
	public @Nullable LinkedSocket find(String id) {
		return this.byId.get(id);
	}

	/**
	 * Adds a socket, unless one with its id is open: over SockJS clients choose theirs.
	 */
	boolean add(GatedSocket socket) {
		return this.byId.putIfAbsent(socket.id(), socket) == null;
	}

	/**
	 * Says of each whose close nobody has heard of that the server has gone down (B53).
	 */
	@Override
	public void destroy() {
		this.byId.values()
			.forEach((socket) -> Telling.tell("A socket that is left", () -> socket.over(CloseStatus.GOING_AWAY)));
	}

	void remove(GatedSocket socket) {
		this.byId.remove(socket.id(), socket);
	}

	/**
	 * Hands a message over to be written to subscribers, in the order of the calls for
	 * each; never waits for a peer (B18, B33).
	 * @param subscriptions the ids of subscriptions by those of sockets
	 */
	public void publish(Map<String, List<String>> subscriptions, Publication publication) {
		boolean mayMiss = mayMiss(publication.destination());
		Patience patience = (subscriptions.size() < FEW) ? null : new Patience();
		subscriptions.forEach((socketId, ids) -> {
			GatedSocket socket = this.byId.get(socketId);
			if (socket != null) {
				Telling.tell("Sending to a socket", () -> deliver(socket, ids, publication, mayMiss, patience));
			}
		});
	}

	private static void deliver(GatedSocket socket, List<String> ids, Publication publication, boolean mayMiss,
			@Nullable Patience patience) {
		for (String id : ids) {
			Subscription subscription = socket.socketLink().subscriptions().get(id);
			if (subscription != null && subscription.isOlderThan(publication.begun())) {
				Payload frame = publication.frame(id, socket.socketLink().stompVersion());
				socket.deliver(frame, mayMiss, subscription, patience);
			}
		}
	}

	/**
	 * Hands a frame over to be written under one subscription of a socket, if it is open.
	 */
	public void deliver(String socketId, Subscription subscription, Function<String, Payload> frameOfVersion) {
		GatedSocket socket = this.byId.get(socketId);
		if (socket != null) {
			socket.deliver(frameOfVersion.apply(socket.socketLink().stompVersion()), false, subscription, null);
		}
	}

	/**
	 * Hands a message over to be written to these subscriptions alone, as far as they are
	 * there; never waits for a peer, and none misses it.
	 * @param subscriptions with the ids of their sockets
	 */
	public void publishTo(Map<Subscription, String> subscriptions, Publication publication) {
		Patience patience = (subscriptions.size() < FEW) ? null : new Patience();
		subscriptions.forEach((subscription, socketId) -> {
			GatedSocket socket = this.byId.get(socketId);
			if (socket != null && socket.socketLink().subscriptions().get(subscription.id()) == subscription) {
				Telling.tell("Sending to a socket", () -> {
					Payload frame = publication.frame(subscription.id(), socket.socketLink().stompVersion());
					socket.deliver(frame, false, subscription, patience);
				});
			}
		});
	}

	/** Hands a frame over to be written to one socket, if it is open. */
	public void send(String socketId, Function<String, Payload> frameOfVersion) {
		GatedSocket socket = this.byId.get(socketId);
		if (socket != null) {
			socket.deliver(frameOfVersion.apply(socket.socketLink().stompVersion()), false, () -> true, null);
		}
	}

	/**
	 * Hands frames over to be written to one socket, if it is open: one under each
	 * subscription that it has to a destination of its own.
	 * @param frame makes one of the id of a subscription and a version of STOMP
	 * @return whether there is such a subscription
	 */
	public boolean send(String socketId, String destination, BiFunction<String, String, Payload> frame) {
		GatedSocket socket = this.byId.get(socketId);
		if (socket == null) {
			return false;
		}
		List<Subscription> theirs = socket.socketLink().subscriptions().openTo(destination);
		for (Subscription subscription : theirs) {
			socket.deliver(frame.apply(subscription.id(), socket.socketLink().stompVersion()), false, subscription,
					null);
		}
		return !theirs.isEmpty();
	}

	/**
	 * Runs a task that sends several messages, on this thread: each of their sockets is
	 * written to once for what waits for it, by the writers.
	 */
	public void together(Runnable task) {
		this.patience.set(new Patience());
		try {
			task.run();
		}
		finally {
			this.patience.remove();
		}
	}

	/** Returns that of what this thread sends together, or null. */
	@Nullable Patience patience() {
		return this.patience.get();
	}

	/** Returns a destination as users have it, each their own. */
	@Override
	public String ofUsers(String queue) {
		return this.userPrefix.get() + queue;
	}

	/** Returns whether clients can do without messages to this destination (B27). */
	boolean mayMiss(String destination) {
		for (String pattern : this.settings.dropOldest()) {
			if (destinations.match(pattern, destination)) {
				return true;
			}
		}
		return false;
	}

}
