package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where people come and go: with what each of those who watch knows of the others, from
 * what it was told and nothing else.
 */
public final class Hall implements PresenceNews {

	public static final Duration GRACE = Duration.ofSeconds(10);

	public final Presence presence;

	public final Links links;

	private final LinkClock clock;

	private final AtomicInteger ids = new AtomicInteger();

	private final Map<Subscription, Map<String, String>> views = new HashMap<>();

	private final List<String> complaints = new ArrayList<>();

	private final List<String> said = new ArrayList<>();

	private int messages;

	Hall(LinkClock clock) {
		this(clock, 0);
	}

	Hall(LinkClock clock, int most) {
		this(clock, GRACE, most);
	}

	Hall(LinkClock clock, Duration grace, int most) {
		this(clock, grace, most, new Links(clock, LinkPolicy.DEFAULT));
	}

	/** Makes one of people whose links are these. */
	public Hall(LinkClock clock, Duration grace, int most, Links links) {
		this.clock = clock;
		this.links = links;
		this.presence = new Presence(clock, (destination) -> destination.startsWith("/topic/"), grace, most,
				() -> this);
		this.links.addListener(this.presence);
	}

	/** Opens a link of somebody; null for an anonymous visitor. */
	Link link(String user) {
		return link("key " + this.ids.incrementAndGet(), user);
	}

	/** Opens a link with a key. */
	public Link link(String key, String user) {
		Link link = this.links.open(key, "id of " + key, new FakeSession(Duration.ofDays(1)));
		link.identify(identity(user));
		return link;
	}

	public static Identity identity(String user) {
		return (user != null) ? new Identity(() -> user, Set.of()) : Identity.ANONYMOUS;
	}

	/** Opens a tab under a link. */
	public Tab tab(Link link) {
		return new Tab(link);
	}

	/** Returns what one that watches knows: names, or ids where there is no name. */
	public synchronized List<String> seenBy(Subscription watcher) {
		Map<String, String> view = this.views.get(watcher);
		return (view == null) ? null : view.values().stream().sorted().toList();
	}

	public synchronized Set<String> idsSeenBy(Subscription watcher) {
		return Set.copyOf(this.views.getOrDefault(watcher, Map.of()).keySet());
	}

	/** Returns what has been told that cannot be. */
	public synchronized List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	/** Returns what has been said since this was asked last. */
	public synchronized List<String> said() {
		List<String> news = List.copyOf(this.said);
		this.said.clear();
		return news;
	}

	public synchronized int messages() {
		return this.messages;
	}

	@Override
	public synchronized void here(String destination, Map<Subscription, String> to, List<Attendee> present, int more) {
		this.messages++;
		this.said.add("here " + present.stream().map(Hall::name).toList() + ((more > 0) ? " and " + more : ""));
		Map<String, String> view = new LinkedHashMap<>();
		present.forEach((attendee) -> {
			if (view.put(attendee.id(), name(attendee)) != null) {
				this.complaints.add("twice in the list: " + attendee);
			}
		});
		to.keySet().forEach((watcher) -> {
			if (this.views.put(watcher, new LinkedHashMap<>(view)) != null) {
				this.complaints.add("the list twice");
			}
		});
	}

	@Override
	public synchronized void changed(String destination, Map<Subscription, String> to, List<Attendee> joined,
			List<Attendee> left, int more) {
		this.messages++;
		joined.forEach((attendee) -> this.said.add("+" + name(attendee)));
		left.forEach((attendee) -> this.said.add("-" + name(attendee)));
		to.keySet().forEach((watcher) -> change(this.views.get(watcher), joined, left));
	}

	private void change(Map<String, String> view, List<Attendee> joined, List<Attendee> left) {
		if (view == null) {
			this.complaints.add("news before the list");
			return;
		}
		left.forEach((attendee) -> {
			if (view.remove(attendee.id()) == null) {
				this.complaints.add("gone, and was not there: " + attendee);
			}
		});
		joined.forEach((attendee) -> {
			if (view.put(attendee.id(), name(attendee)) != null) {
				this.complaints.add("has come twice: " + attendee);
			}
		});
	}

	private static String name(Attendee attendee) {
		return (attendee.user() != null) ? attendee.user() : "somebody";
	}

	/** One socket, as far as presence knows it. */
	public final class Tab {

		final SocketLink socketLink;

		volatile boolean closing;

		private final FakeSocket socket;

		private int subscriptions;

		private Tab(Link link) {
			String id = "socket " + Hall.this.ids.incrementAndGet();
			this.socketLink = new SocketLink(link);
			this.socket = new FakeSocket(id, this.socketLink) {

				@Override
				public void identityChanged() {
					Tab.this.socketLink.settlePresence();
				}

			};
			Hall.this.presence.attend(id, this.socketLink, () -> this.closing);
			link.add(this.socket);
		}

		/** Subscribes; the client does not ask who is there. */
		public Subscription enter(String destination) {
			return subscribe(destination, false);
		}

		/** Subscribes, and asks who is there. */
		public Subscription watch(String destination) {
			return subscribe(destination, true);
		}

		private Subscription subscribe(String destination, boolean watches) {
			String id = Integer.toString(++this.subscriptions);
			this.socketLink.subscriptions().add(id, destination, 0);
			this.socketLink.presence().subscribed(id, watches);
			return this.socketLink.subscriptions().get(id);
		}

		public void unsubscribe(Subscription subscription) {
			this.socketLink.presence().unsubscribed(subscription.id());
			this.socketLink.subscriptions().remove(subscription.id());
		}

		void revoke(Subscription subscription) {
			this.socketLink.subscriptions().revoke(subscription.id());
			this.socketLink.settlePresence();
		}

		/** Loses the connection. */
		public void cut() {
			this.socketLink.link().remove(this.socket);
			this.socketLink.presence().over();
		}

	}

	/** Lets all be told that is to be told. */
	void rest() {
		((FakeClock) this.clock).pass(Gathering.SLOW_PACE);
	}

}
