package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Who is here: by destination, user, link and socket (B37), on this server and on those
 * that it hears of.
 *
 * <p>
 * A user behind a link is at a destination from the first subscription of any of its
 * sockets until the last one goes, and where that was lost, for a grace after it: a page
 * that reloads has never left. Who unsubscribes, loses the right, logs in or out, or
 * whose link ends has left at once.
 *
 * <p>
 * Safe for use by any thread. A gathering begins and ends with those who are there, in
 * the same atomic step on the map in which they come and go, and knows for itself what is
 * to be told; that happens afterwards, on threads for it, for one gathering one after the
 * other.
 */
public final class Presence implements LinkListener {

	private final ConcurrentMap<String, Gathering> byDestination = new ConcurrentHashMap<>();

	private final ConcurrentMap<Link, LinkStays> byLink = new ConcurrentHashMap<>();

	private final LinkClock clock;

	private final @Nullable Predicate<String> destinations;

	private final Duration grace;

	private final int most;

	private final Supplier<PresenceNews> news;

	private final PresenceReports reports = new PresenceReports(this.byDestination, this::change);

	private volatile PresenceReporter reporter = PresenceReporter.NONE;

	/**
	 * Makes it empty.
	 * @param destinations which have it; null where none has
	 * @param grace how long who has lost the last socket may take to come back
	 * @param most of how many at one destination others are told; 0 for all
	 * @param news tells clients; asked when there are some
	 */
	public Presence(LinkClock clock, @Nullable Predicate<String> destinations, Duration grace, int most,
			Supplier<PresenceNews> news) {
		this.clock = clock;
		this.destinations = destinations;
		this.grace = grace;
		this.most = most;
		this.news = news;
	}

	/** Returns whether any destination has it. */
	public boolean isOn() {
		return this.destinations != null;
	}

	/** Shares it with other servers from now on. */
	public void shareWith(PresenceReporter others) {
		this.reporter = others;
	}

	/** Returns what takes over what other servers tell. */
	public PresenceReports reports() {
		return this.reports;
	}

	/** Returns how long who has lost the last socket may take to come back. */
	public Duration grace() {
		return this.grace;
	}

	/** Returns who is at a destination by this server, as far as others are told. */
	public Gathered here(String destination) {
		Gathering gathering = this.byDestination.get(destination);
		return (gathering != null) ? gathering.here((this.most > 0) ? this.most : Integer.MAX_VALUE, nodes())
				: new Gathered(destination, List.of(), 0);
	}

	/** Returns where somebody is by this server. */
	public List<String> destinationsHere() {
		return this.byDestination.values().stream().filter(Gathering::hasStays).map(Gathering::destination).toList();
	}

	private List<String> nodes() {
		String name = this.reporter.name();
		return (name != null) ? List.of(name) : List.of();
	}

	/** Returns who is at a destination, in the order in which they came. */
	public List<Present> at(String destination) {
		Gathering gathering = this.byDestination.get(destination);
		return (gathering != null) ? gathering.present(nodes()) : List.of();
	}

	/** Returns where a user is; looks through all who are anywhere. */
	public List<Present> ofUser(String name) {
		return find((present) -> name.equals(present.user()));
	}

	/**
	 * Returns where those behind the link with a fingerprint are; looks through all who
	 * are anywhere.
	 */
	public List<Present> ofLink(String fingerprint) {
		return find((present) -> fingerprint.equals(present.link()));
	}

	private List<Present> find(Predicate<Present> wanted) {
		List<String> nodes = nodes();
		return this.byDestination.values()
			.stream()
			.flatMap((gathering) -> gathering.present(nodes).stream())
			.filter(wanted)
			.toList();
	}

	/** Returns at how many destinations somebody is. */
	public int destinations() {
		return this.byDestination.size();
	}

	/** Returns how many links somebody is anywhere with. */
	int links() {
		return this.byLink.size();
	}

	/**
	 * Has a socket that opens be present where it subscribes.
	 * @param closing whether nothing of its client's has an effect any more
	 */
	public void attend(String socketId, SocketLink socketLink, BooleanSupplier closing) {
		if (isOn()) {
			socketLink.attends(new SocketPresence(this, socketId, socketLink, closing));
		}
	}

	boolean has(String destination) {
		return this.destinations != null && destination.indexOf('*') < 0 && destination.indexOf('?') < 0
				&& this.destinations.test(destination);
	}

	/** Adds a socket to those of a user behind a link. */
	Attendee enter(Link link, String destination, @Nullable String user, String socketId) {
		Attendee attendee = Attendee.of(link, destination, user);
		changeHere(destination,
				(gathering) -> gathering.enter(attendee, socketId, () -> begin(link, destination, attendee)));
		return attendee;
	}

	private Stay begin(Link link, String destination, Attendee attendee) {
		AtomicReference<@Nullable Stay> begun = new AtomicReference<>();
		this.byLink.compute(link, (key, known) -> {
			LinkStays stays = (known != null) ? known : new LinkStays();
			Stay stay = new Stay(destination, link, attendee, stays);
			stays.add(stay);
			begun.set(stay);
			return stays;
		});
		return Objects.requireNonNull(begun.get());
	}

	/**
	 * Takes a socket from those of a user.
	 * @param lost whether it was not the client's or the server's will that it goes
	 */
	void leave(String destination, Attendee attendee, String socketId, boolean lost) {
		changeHere(destination,
				(gathering) -> gathering.leave(attendee, socketId,
						(stay) -> lost && !this.grace.isZero() && stay.mayComeBack() && stay.beginAbsence(this.clock,
								this.grace, (absence) -> endIf(stay, (still) -> still.isIn(absence)))));
	}

	void watch(Subscription subscription, String socketId) {
		change(subscription.destination(), (gathering) -> gathering.watch(subscription, socketId));
	}

	void unwatch(Subscription subscription) {
		change(subscription.destination(), (gathering) -> gathering.unwatch(subscription));
	}

	/** Ends the stays of those who cannot come back as who they were. */
	@Override
	public void identityChanged(Link link, Identity identity) {
		staysOf(link).forEach((stay) -> endIf(stay, (now) -> now.isAbsent() && !now.mayComeBack()));
	}

	/** Ends all stays of a link, and lets its sockets hear nothing more. */
	@Override
	public void ended(Link link, EndCause cause) {
		staysOf(link).forEach((stay) -> endIf(stay, (now) -> true));
		// Last, as one may have looked at the end before it came.
		link.sockets().forEach((socket) -> socket.socketLink().settlePresence());
	}

	private List<Stay> staysOf(Link link) {
		LinkStays stays = this.byLink.get(link);
		return (stays != null) ? stays.all() : List.of();
	}

	private void endIf(Stay stay, Predicate<Stay> condition) {
		changeHere(stay.destination(), (gathering) -> gathering.endIf(stay, condition));
	}

	private void forget(Stay stay) {
		this.byLink.computeIfPresent(stay.link(), (link, stays) -> stays.removeLast(stay) ? null : stays);
		// Whatever was the cause; whoever reads it waits until the step is done.
		this.reporter.changed(stay.destination());
	}

	// Last, so that whoever reads it then sees at least this.
	private void changeHere(String destination, Consumer<Gathering> step) {
		change(destination, step);
		this.reporter.changed(destination);
	}

	private void change(String destination, Consumer<Gathering> step) {
		AtomicReference<@Nullable Gathering> changed = new AtomicReference<>();
		this.byDestination.compute(destination, (key, known) -> {
			Gathering gathering = (known != null) ? known : new Gathering(destination, this.most, this::forget);
			step.accept(gathering);
			changed.set(gathering);
			return gathering.isEmpty() ? null : gathering;
		});
		tellLater(Objects.requireNonNull(changed.get()));
	}

	private void tellLater(Gathering gathering) {
		Duration wait = gathering.newsIn(this.clock.nanoTime());
		if (wait == null) {
			return;
		}
		Runnable handOver = () -> this.clock.execute(Crew.TELLING, gathering, () -> tell(gathering));
		if (wait.isZero()) {
			handOver.run();
		}
		else {
			this.clock.schedule(handOver, wait);
		}
	}

	private void tell(Gathering gathering) {
		Attendance.News told = gathering.takeNews(this.clock.nanoTime());
		String destination = gathering.destination();
		if (!told.told().isEmpty() && !(told.joined().isEmpty() && told.left().isEmpty())) {
			Telling.tell("News of who is here",
					() -> this.news.get().changed(destination, told.told(), told.joined(), told.left(), told.more()));
		}
		if (!told.fresh().isEmpty()) {
			Telling.tell("News of who is here",
					() -> this.news.get().here(destination, told.fresh(), told.present(), told.more()));
		}
	}

}
