package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.sessionlink.cluster.Halls.Station;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Link;
import org.sessionlink.link.Present;
import org.sessionlink.link.Subscription;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B37 on several nodes: whatever people do and whatever becomes of nodes and of what they
 * say, in the end each node, and each who watches, knows who is there by all of them.
 */
class PresenceTalkTruthTest {

	private static final List<String> ROOMS = List.of("/topic/a", "/topic/b");

	private static final int PEOPLE = 5;

	/** Until each node that is gone has been so for the grace, and all have looked. */
	private static final Duration REST = Duration.ofSeconds(50);

	@Test
	void inAnyOrder() {
		for (int seed = 0; seed < 200; seed++) {
			new Life(seed).go();
		}
	}

	private static final class Life {

		private final Halls halls = new Halls(3);

		private final Random random;

		private final int seed;

		private final List<Person> people;

		Life(int seed) {
			this.seed = seed;
			this.random = new Random(seed);
			this.people = IntStream.range(0, PEOPLE).mapToObj(Person::new).toList();
		}

		void go() {
			for (int i = 0; i < 100; i++) {
				if (this.random.nextInt(12) == 0) {
					happenToNodes();
				}
				else {
					this.people.get(this.random.nextInt(PEOPLE)).step();
				}
				this.halls.pass(Duration.ofMillis(200L * this.random.nextInt(this.random.nextInt(10) == 0 ? 100 : 5)));
			}
			this.halls.lose((message) -> false);
			this.halls.alive().stream().filter(Station::isAway).forEach(Station::bringBack);
			this.halls.pass(REST);

			this.halls.alive().forEach(this::assertTruth);
			this.people.forEach(Person::end);
			this.halls.pass(REST);
			this.halls.alive().forEach((station) -> {
				assertThat(station.hall.presence.destinations()).as("seed %s", this.seed).isZero();
				assertThat(station.hall.complaints()).as("seed %s", this.seed).isEmpty();
			});
		}

		private void happenToNodes() {
			Station any = any(this.halls.alive());
			switch (this.random.nextInt(6)) {
				case 0 -> stop(any, true);
				case 1 -> stop(any, false);
				case 2 -> this.halls.loseSome(this.random, 0.3);
				case 3 -> this.halls.lose((message) -> false);
				case 4 -> any.cutOff();
				default -> this.halls.alive().stream().filter(Station::isAway).forEach(Station::bringBack);
			}
		}

		private void stop(Station station, boolean says) {
			if (says) {
				station.leave();
			}
			else {
				station.kill();
			}
			this.people.forEach((person) -> person.places.removeIf((place) -> place.station == station));
			this.halls.start();
		}

		private void assertTruth(Station station) {
			for (String room : ROOMS) {
				Set<String> there = new TreeSet<>();
				this.people.forEach((person) -> person.places.stream()
					.filter((place) -> place.subscription.destination().equals(room))
					.forEach((place) -> there.add(person.key)));
				List<Present> present = station.hall.presence.at(room);
				assertThat(present).as("seed %s", this.seed)
					.extracting(Present::user)
					.containsExactlyInAnyOrderElementsOf(there);
				Set<String> ids = new TreeSet<>();
				present.forEach((one) -> ids.add(one.id()));
				this.people.forEach((person) -> person.places.stream()
					.filter((place) -> place.watches && place.station == station
							&& place.subscription.destination().equals(room))
					.forEach((place) -> assertThat(station.hall.idsSeenBy(place.subscription)).as("seed %s", this.seed)
						.isEqualTo(ids)));
			}
		}

		private <T> T any(List<T> some) {
			return some.get(this.random.nextInt(some.size()));
		}

		/** Somebody with tabs at several nodes; the name is that of the link too. */
		private final class Person {

			private final List<Place> places = new ArrayList<>();

			private final int number;

			private int links;

			private String key;

			Person(int number) {
				this.number = number;
				begin();
			}

			private void begin() {
				this.key = "person " + this.number + " with link " + ++this.links;
			}

			void step() {
				int dice = Life.this.random.nextInt(12);
				if (this.places.isEmpty() || dice < 5) {
					enter(any(Life.this.halls.alive()), any(ROOMS));
				}
				else if (dice < 7) {
					Place place = any(this.places);
					place.tab.unsubscribe(place.subscription);
					this.places.remove(place);
				}
				else if (dice < 9) {
					cut();
				}
				else if (dice < 11) {
					Place place = cut();
					enter(any(Life.this.halls.alive()), place.subscription.destination());
				}
				else {
					end();
					begin();
				}
			}

			private void enter(Station station, String room) {
				Hall.Tab tab = station.tab(this.key, this.key);
				boolean watches = Life.this.random.nextBoolean();
				this.places.add(new Place(station, tab, watches ? tab.watch(room) : tab.enter(room), watches));
			}

			private Place cut() {
				Place place = any(this.places);
				place.tab.cut();
				this.places.remove(place);
				return place;
			}

			private void end() {
				for (Station station : Life.this.halls.alive()) {
					Link link = station.link(this.key);
					if (link != null) {
						link.end(EndCause.ENDED);
					}
				}
				this.places.clear();
			}

		}

		private record Place(Station station, Hall.Tab tab, Subscription subscription, boolean watches) {

		}

	}

}
