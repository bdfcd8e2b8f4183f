package org.sessionlink.link;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;
import org.sessionlink.link.SentIds.Turn;

import static org.assertj.core.api.Assertions.assertThat;

/** B52: which messages of a link were sent before. */
class SentIdsTest {

	private static final SentIds.Repeat NOTHING = new SentIds.Repeat(() -> {
	}, () -> {
	});

	private final FakeClock clock = new FakeClock();

	private final SentIds ids = new SentIds(this.clock);

	@Test
	void anIdIsFirstOnceAndThenKnown() {
		assertThat(this.ids.take("a", NOTHING)).isEqualTo(Turn.FIRST);
		assertThat(this.ids.take("a", NOTHING)).isEqualTo(Turn.MEANWHILE);

		assertThat(this.ids.handled("a")).hasSize(1);

		assertThat(this.ids.take("a", NOTHING)).isEqualTo(Turn.AGAIN);
		assertThat(this.ids.handled("a")).isEmpty();
	}

	@Test
	void whatHasFailedIsForgotten() {
		this.ids.take("a", NOTHING);

		this.ids.failed("a");

		assertThat(this.ids.take("a", NOTHING)).isEqualTo(Turn.FIRST);
	}

	@Test
	void aThousandIdsAreRememberedForFiveMinutes() {
		IntStream.range(0, 1_001).forEach((i) -> {
			this.ids.take("id" + i, NOTHING);
			this.ids.handled("id" + i);
		});
		assertThat(this.ids.size()).isEqualTo(1_000);
		assertThat(this.ids.take("id1000", NOTHING)).isEqualTo(Turn.AGAIN);
		assertThat(this.ids.take("id0", NOTHING)).isEqualTo(Turn.FIRST);

		this.clock.pass(Duration.ofMinutes(5));

		assertThat(this.ids.take("id1000", NOTHING)).isEqualTo(Turn.FIRST);
		assertThat(this.ids.size()).isOne();
	}

	@Test
	void ofTwoAtOnceOneIsHandledAndNoneWaitsForEver() {
		Lincheck.runConcurrentTest(Often.times(500), () -> {
			SentIds raced = new SentIds(new Midnight());
			AtomicInteger firsts = new AtomicInteger();
			AtomicInteger answered = new AtomicInteger();
			Runnable send = () -> {
				Turn turn = raced.take("a", new SentIds.Repeat(answered::incrementAndGet, answered::incrementAndGet));
				if (turn == Turn.FIRST) {
					firsts.incrementAndGet();
					raced.handled("a").forEach(Runnable::run);
				}
				else if (turn == Turn.AGAIN) {
					answered.incrementAndGet();
				}
			};

			Racing.together(send, send);

			if (firsts.get() != 1 || answered.get() != 1) {
				throw new AssertionError(firsts + " handled, " + answered + " of the others answered");
			}
		});
	}

}
