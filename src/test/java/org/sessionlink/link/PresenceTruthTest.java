package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.sessionlink.Deadlines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B37: whatever people do, what each who watches was told adds up to who is there, and
 * nothing was told that cannot be.
 */
class PresenceTruthTest {

	private static final int PEOPLE = 6;

	@Test
	void oneAfterTheOtherInAnyOrder() {
		for (int seed = 0; seed < 300; seed++) {
			wander(seed);
		}
	}

	private static void wander(int seed) {
		FakeClock clock = new FakeClock();
		Hall hall = new Hall(clock);
		Random random = new Random(seed);
		List<Wanderer> people = people(hall, random);
		for (int i = 0; i < 60; i++) {
			people.get(random.nextInt(PEOPLE)).step();
			clock.pass(Duration.ofMillis(random.nextInt(random.nextInt(10) == 0 ? 20_000 : 100)));
		}

		clock.pass(Wanderer.rest(Hall.GRACE));

		Wanderer.assertTruth(hall, people);
		people.forEach(Wanderer::end);
		assertThat(hall.presence.destinations()).as("seed %s", seed).isZero();
		assertThat(hall.presence.links()).isZero();
	}

	@Test
	void allAtOnce() {
		try (LinkThreads clock = new LinkThreads()) {
			Duration grace = Duration.ofMillis(20);
			Hall hall = new Hall(clock, grace, 0);
			List<Wanderer> people = people(hall, new Random());

			CompletableFuture
				.allOf(people.stream()
					.map((one) -> CompletableFuture
						.runAsync(() -> IntStream.range(0, 10_000).forEach((i) -> one.step())))
					.toArray(CompletableFuture[]::new))
				.join();

			await().atMost(Deadlines.ANY).untilAsserted(() -> Wanderer.assertTruth(hall, people));
			people.forEach(Wanderer::end);
			await().atMost(Deadlines.ANY).until(() -> hall.presence.destinations() == 0 && hall.presence.links() == 0);
			assertThat(hall.complaints()).isEmpty();
		}
	}

	private static List<Wanderer> people(Hall hall, Random random) {
		return IntStream.range(0, PEOPLE)
			.mapToObj((i) -> new Wanderer(hall, "user " + i, new Random(random.nextLong())))
			.toList();
	}

}
