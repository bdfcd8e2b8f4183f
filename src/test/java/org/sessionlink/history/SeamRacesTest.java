package org.sessionlink.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;
import org.sessionlink.link.Racing;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * B31: who subscribes while others publish, and while a destination is given up, in every
 * order that threads can have: a model checker tries them.
 */
class SeamRacesTest {

	private static final int ORDERS = Often.times(500);

	private static final KeepRule RULE = new KeepRule("/**", 0, 0, Duration.ofMinutes(2), false);

	@Test
	void nothingIsLostAndNothingComesTwiceAtTheSeam() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			KeptDestination destination = new KeptDestination("e", RULE, 1, 0, (bytes) -> {
			});
			List<Long> inbox = new ArrayList<>();
			boolean[] subscribed = new boolean[1];
			Runnable publish = () -> destination.append((offset) -> {
				if (subscribed[0]) {
					inbox.add(offset);
				}
				return () -> 1;
			}, 0);

			Racing.together(() -> {
				publish.run();
				publish.run();
			}, () -> destination.subscribe(new Position("e", 0), true, 0, (seam) -> {
				subscribed[0] = true;
				seam.missed().forEach((one) -> inbox.add(one.offset()));
			}));

			if (!inbox.equals(List.of(1L, 2L))) {
				throw new AssertionError("A hole or a double: " + inbox);
			}
		});
	}

	@Test
	void whatHasGivenWayTakesNothingMore() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			KeptDestination destination = new KeptDestination("e", RULE, 1, 0, (bytes) -> {
			});
			boolean[] results = new boolean[2];

			Racing.together(() -> results[0] = destination.subscribe(null, true, 0, (seam) -> {
			}), () -> results[1] = destination.giveWay());

			if (results[0] == results[1]) {
				throw new AssertionError("Read by somebody, and retired; or neither");
			}
		});
	}

	@Test
	void numbersHaveNoHoles() {
		KeptDestination destination = new KeptDestination("e", RULE, 1, 0, (bytes) -> {
		});
		LongStream.range(0, 5).forEach((i) -> destination.append((offset) -> () -> 1, 0));

		destination.subscribe(new Position("e", 2), false, 0,
				(seam) -> assertThat(seam.missed()).extracting(Seam.Numbered::offset).containsExactly(3L, 4L, 5L));
	}

}
