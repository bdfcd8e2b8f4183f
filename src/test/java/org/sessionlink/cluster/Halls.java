package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.PresenceReporter;
import org.sessionlink.link.Present;

/**
 * Nodes that tell each other who is there, without Redis: in a time of their own, and
 * over a way that loses what a test says.
 */
final class Halls {

	static final Duration SILENCE = Duration.ofSeconds(15);

	private static final Duration PULSE = Duration.ofSeconds(1);

	private static final int LOOK = 8;

	final FakeClock clock = new FakeClock();

	private final List<Station> stations = new ArrayList<>();

	private final int most;

	private final long length;

	private Predicate<String> loses = (message) -> false;

	private int started;

	private int steps;

	Halls(int nodes) {
		this(nodes, 0, OwnPresence.MOST);
	}

	/**
	 * Makes them.
	 * @param most of how many at one destination others are told
	 * @param length of what each may tell
	 */
	Halls(int nodes, int most, long length) {
		this.most = most;
		this.length = length;
		for (int i = 0; i < nodes; i++) {
			start();
		}
	}

	/** Starts one more. */
	Station start() {
		Station station = new Station("node" + ++this.started);
		this.stations.add(station);
		station.talk.greet();
		deliver();
		return station;
	}

	Station get(int node) {
		return this.stations.get(node);
	}

	List<Station> alive() {
		return this.stations.stream().filter((station) -> station.end == null).toList();
	}

	/** Has messages be lost. */
	void lose(Predicate<String> messages) {
		this.loses = messages;
	}

	void loseSome(Random random, double share) {
		this.loses = (message) -> random.nextDouble() < share;
	}

	/** Lets time pass, in which nodes say what they have to say. */
	void pass(Duration duration) {
		for (long millis = duration.toMillis(); millis > 0; millis -= SharedPresence.PACE.toMillis()) {
			this.clock.pass(SharedPresence.PACE);
			alive().forEach(Station::tell);
			deliver();
			if (++this.steps % (PULSE.toMillis() / SharedPresence.PACE.toMillis()) == 0) {
				alive().forEach(Station::beat);
			}
		}
	}

	private void deliver() {
		boolean some;
		do {
			some = false;
			for (Station station : alive()) {
				String message = station.away ? null : station.inbox.poll();
				if (message != null) {
					some = true;
					station.unlessAway(() -> station.talk.hear(message));
				}
			}
		}
		while (some);
	}

	/** One node. */
	final class Station {

		final Hall hall;

		final OwnPresence own = new OwnPresence(Halls.this.length);

		final PresenceTalk talk;

		private final String id;

		private final Set<String> changed = new LinkedHashSet<>();

		private final Deque<String> inbox = new ArrayDeque<>();

		private Long end;

		private boolean left;

		private boolean away;

		private int beats;

		private int posted;

		private Station(String id) {
			this.id = id;
			this.hall = new Hall(Halls.this.clock, Hall.GRACE, Halls.this.most,
					new Links(Halls.this.clock, LinkPolicy.DEFAULT));
			this.talk = new PresenceTalk(id, "the " + id, this.hall.presence, this.own, Halls.this.clock::nanoTime,
					this::post);
			this.hall.presence.shareWith(new PresenceReporter() {

				@Override
				public String name() {
					return "the " + Station.this.id;
				}

				@Override
				public void changed(String destination) {
					Station.this.changed.add(destination);
				}

			});
		}

		private void post(String channel, String message) {
			if (this.away) {
				throw new StoreAwayException("away");
			}
			this.posted++;
			for (Station station : alive()) {
				boolean hears = channel.equals(PresenceTalk.CHANNEL)
						|| channel.equals(PresenceTalk.channelOf(station.id));
				if (hears && !station.away && !Halls.this.loses.test(message)) {
					station.inbox.add(message);
				}
			}
		}

		private void tell() {
			if (!this.away) {
				Set<String> now = takeChanged();
				unlessAway(() -> this.talk.tell(now));
			}
		}

		private Set<String> takeChanged() {
			Set<String> taken = new LinkedHashSet<>(this.changed);
			this.changed.clear();
			return taken;
		}

		private void beat() {
			if (!this.away) {
				this.talk.look(others());
				if (++this.beats % LOOK == 0) {
					unlessAway(this.talk::remind);
				}
			}
		}

		private Set<String> others() {
			Set<String> others = new LinkedHashSet<>();
			for (Station station : Halls.this.stations) {
				boolean listed = station.end == null
						|| !station.left && Halls.this.clock.nanoTime() - station.end < SILENCE.toNanos();
				if (listed && station != this) {
					others.add(station.id);
				}
			}
			return others;
		}

		private void unlessAway(Runnable task) {
			try {
				task.run();
			}
			catch (StoreAwayException ex) {
				// It is told of once it is back.
			}
		}

		/** Opens the tab of a browser, which has one link at all nodes. */
		Hall.Tab tab(String key, String user) {
			return this.hall.tab(this.hall.link(key, user));
		}

		/** Returns the link with a key, which may be none here. */
		Link link(String key) {
			return this.hall.links.find(key);
		}

		/** Kills it, or lets it stand still. */
		void kill() {
			this.end = Halls.this.clock.nanoTime();
		}

		/** Lets it go on that only stood still. */
		void revive() {
			this.end = null;
		}

		/** Stops it, of which it tells the others. */
		void leave() {
			kill();
			this.left = true;
		}

		boolean isAway() {
			return this.away;
		}

		/** Cuts it off from the others; what was under way is lost. */
		void cutOff() {
			this.away = true;
			this.inbox.clear();
		}

		/** Lets it reach the others again. */
		void bringBack() {
			this.away = false;
			this.talk.tell(takeChanged());
			this.talk.greet();
			deliver();
		}

		/** Returns how many messages it has posted since this was asked last. */
		int posted() {
			int before = this.posted;
			this.posted = 0;
			return before;
		}

		/** Returns the names of those at a destination. */
		List<String> usersAt(String destination) {
			return this.hall.presence.at(destination).stream().map(Present::user).toList();
		}

	}

}
