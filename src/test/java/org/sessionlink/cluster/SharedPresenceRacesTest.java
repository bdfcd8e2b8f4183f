package org.sessionlink.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.lettuce.core.KillArgs;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.Deadlines;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Hall;
import org.sessionlink.link.Link;
import org.sessionlink.link.Present;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.UserLimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B37 on two nodes where all come and go at once, each on a thread of their own, and the
 * connections break meanwhile: what each node knows, and each who watches, is the truth.
 */
@Execution(ExecutionMode.CONCURRENT)
class SharedPresenceRacesTest {

	private static final String ROOM = "/topic/room";

	private static final int PEOPLE = 6;

	private static final int STEPS = 3_000;

	@AutoClose
	private final RealRedis redis = new RealRedis();

	@AutoClose
	private final Node a = node();

	@AutoClose
	private final Node b = node();

	private final List<Hall> halls = List.of(hall(this.a), hall(this.b));

	private Node node() {
		return new Node(this.redis.url(), TwoNodes.LONG, TwoNodes.GRACE, "/app", UserLimit.NONE, true);
	}

	private static Hall hall(Node node) {
		Hall hall = new Hall(node.threads, Duration.ofMillis(20), 0, node.links);
		node.cluster.presence().share(hall.presence);
		return hall;
	}

	@Test
	void allAtOnce() {
		List<Person> people = IntStream.range(0, PEOPLE).mapToObj(Person::new).toList();

		CompletableFuture<?>[] lives = people.stream()
			.map((person) -> CompletableFuture.runAsync(person, (task) -> new Thread(task).start()))
			.toArray(CompletableFuture[]::new);
		this.redis.ask().clientKill(KillArgs.Builder.typePubsub());
		CompletableFuture.allOf(lives).join();

		await().atMost(Deadlines.ANY).untilAsserted(() -> this.halls.forEach((hall) -> assertTruth(hall, people)));
		people.forEach(Person::end);
		await().atMost(Deadlines.ANY)
			.until(() -> this.halls.stream().allMatch((hall) -> hall.presence.destinations() == 0));
		assertThat(this.halls).allSatisfy((hall) -> assertThat(hall.complaints()).isEmpty());
	}

	private static void assertTruth(Hall hall, List<Person> people) {
		Set<String> there = new TreeSet<>();
		people.stream().filter((person) -> !person.places.isEmpty()).forEach((person) -> there.add(person.key));
		List<Present> present = hall.presence.at(ROOM);
		assertThat(present).extracting(Present::user).containsExactlyInAnyOrderElementsOf(there);
		Set<String> ids = new TreeSet<>();
		present.forEach((one) -> ids.add(one.id()));
		people.stream()
			.flatMap((person) -> person.places.stream())
			.filter((place) -> place.hall == hall)
			.forEach((place) -> assertThat(hall.idsSeenBy(place.subscription)).isEqualTo(ids));
	}

	/** Somebody whose link is at both nodes; the name is that of the link too. */
	private final class Person implements Runnable {

		private final List<Place> places = new ArrayList<>();

		private final Random random = new Random();

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

		@Override
		public void run() {
			IntStream.range(0, STEPS).forEach((i) -> step());
		}

		private void step() {
			int dice = this.random.nextInt(10);
			if (this.places.isEmpty() || dice < 5) {
				Hall hall = SharedPresenceRacesTest.this.halls.get(this.random.nextInt(2));
				Hall.Tab tab = hall.tab(hall.link(this.key, this.key));
				this.places.add(new Place(hall, tab, tab.watch(ROOM)));
			}
			else if (dice < 7) {
				Place place = this.places.remove(this.random.nextInt(this.places.size()));
				place.tab.unsubscribe(place.subscription);
			}
			else if (dice < 9) {
				this.places.remove(this.random.nextInt(this.places.size())).tab.cut();
			}
			else {
				end();
				begin();
			}
		}

		private void end() {
			for (Hall hall : SharedPresenceRacesTest.this.halls) {
				Link link = hall.links.find(this.key);
				if (link != null) {
					link.end(EndCause.ENDED);
				}
			}
			this.places.clear();
		}

	}

	private record Place(Hall hall, Hall.Tab tab, Subscription subscription) {

	}

}
