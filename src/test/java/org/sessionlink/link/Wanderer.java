package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Somebody who opens tabs, goes where people are, reloads, is cut off, logs in and out,
 * and remembers where: what presence says has to be that.
 */
final class Wanderer {

	private static final List<String> ROOMS = List.of("/topic/a", "/topic/b", "/topic/c");

	private final Map<Hall.Tab, List<Subscription>> tabs = new LinkedHashMap<>();

	private final List<Subscription> watching = new ArrayList<>();

	private final Hall hall;

	private final String name;

	private final Random random;

	private Link link;

	private String user;

	Wanderer(Hall hall, String name, Random random) {
		this.hall = hall;
		this.name = name;
		this.random = random;
		begin();
	}

	private void begin() {
		this.user = this.random.nextBoolean() ? this.name : null;
		this.link = this.hall.link(this.user);
	}

	/** Does one thing or another. */
	void step() {
		int dice = this.random.nextInt(20);
		if (this.tabs.isEmpty() || dice < 3) {
			this.tabs.put(this.hall.tab(this.link), new ArrayList<>());
		}
		else if (dice < 9) {
			enter(anyTab());
		}
		else if (dice < 12) {
			leave(anyTab(), dice == 9);
		}
		else if (dice < 15) {
			close(anyTab());
		}
		else if (dice < 17) {
			reload();
		}
		else if (dice < 19) {
			this.user = (dice == 17) ? this.name : (this.user == null) ? "other " + this.name : null;
			this.link.identify(Hall.identity(this.user));
		}
		else {
			end();
			begin();
		}
	}

	private Hall.Tab anyTab() {
		return List.copyOf(this.tabs.keySet()).get(this.random.nextInt(this.tabs.size()));
	}

	private void enter(Hall.Tab tab) {
		String room = ROOMS.get(this.random.nextInt(ROOMS.size()));
		boolean watches = this.random.nextBoolean();
		Subscription subscription = watches ? tab.watch(room) : tab.enter(room);
		this.tabs.get(tab).add(subscription);
		if (watches) {
			this.watching.add(subscription);
		}
	}

	private void leave(Hall.Tab tab, boolean byForce) {
		List<Subscription> open = this.tabs.get(tab);
		if (!open.isEmpty()) {
			Subscription subscription = open.remove(this.random.nextInt(open.size()));
			this.watching.remove(subscription);
			if (byForce) {
				tab.revoke(subscription);
			}
			else {
				tab.unsubscribe(subscription);
			}
		}
	}

	private void close(Hall.Tab tab) {
		this.watching.removeAll(this.tabs.remove(tab));
		tab.cut();
	}

	private void reload() {
		Hall.Tab old = anyTab();
		List<String> rooms = this.tabs.get(old).stream().map(Subscription::destination).toList();
		close(old);
		Hall.Tab tab = this.hall.tab(this.link);
		this.tabs.put(tab, new ArrayList<>());
		rooms.forEach((room) -> this.tabs.get(tab).add(tab.enter(room)));
	}

	/** Ends the link, and all tabs with it. */
	void end() {
		this.link.end(EndCause.ENDED);
		List.copyOf(this.tabs.keySet()).forEach(this::close);
	}

	/** Returns the subscriptions that hear of others. */
	List<Subscription> watching() {
		return this.watching;
	}

	/** Returns whether they are there, by what they have done themselves. */
	boolean isAt(String room) {
		return this.tabs.values()
			.stream()
			.flatMap(List::stream)
			.anyMatch((subscription) -> subscription.destination().equals(room));
	}

	/** Asserts that presence, and all who watch, know where everybody is. */
	static void assertTruth(Hall hall, List<Wanderer> all) {
		for (String room : ROOMS) {
			Set<String> there = new TreeSet<>();
			all.stream()
				.filter((wanderer) -> wanderer.isAt(room))
				.forEach((wanderer) -> there.add(wanderer.link.fingerprint() + wanderer.user));
			Set<String> said = new TreeSet<>();
			Set<String> ids = new TreeSet<>();
			hall.presence.at(room).forEach((present) -> {
				said.add(present.link() + present.user());
				ids.add(present.id());
			});
			require(said.equals(there), () -> room + " has " + there + ", and is said to have " + said);
			all.stream()
				.flatMap((wanderer) -> wanderer.watching.stream())
				.filter((watcher) -> watcher.destination().equals(room))
				.forEach((watcher) -> require(Objects.equals(hall.idsSeenBy(watcher), ids),
						() -> room + " has " + ids + ", and somebody sees " + hall.idsSeenBy(watcher)));
		}
		require(hall.complaints().isEmpty(), () -> hall.complaints().toString());
	}

	private static void require(boolean holds, Supplier<String> otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise.get());
		}
	}

	/** Returns how long to wait until nobody is waited for, and all is told. */
	static Duration rest(Duration grace) {
		return grace.plus(Gathering.SLOW_PACE.multipliedBy(2));
	}

}
