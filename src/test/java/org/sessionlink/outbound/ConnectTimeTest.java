package org.sessionlink.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectTimeTest {

	private static final Duration TIME = Duration.ofSeconds(10);

	private final FakeClock clock = new FakeClock();

	private final List<String> over = new ArrayList<>();

	private final ConnectTime time = new ConnectTime();

	@Test
	void itIsOverOnceAndNotBefore() {
		this.time.start(this.clock, TIME, () -> this.over.add("over"));
		this.clock.pass(TIME.minusNanos(1));
		assertThat(this.over).isEmpty();

		this.clock.pass(TIME);

		assertThat(this.over).containsExactly("over");
	}

	@Test
	void whatIsStoppedIsNeverOverAndLeavesNoTimerBehind() {
		this.time.start(this.clock, TIME, () -> this.over.add("over"));
		assertThat(this.clock.waiting()).isOne();

		this.time.stop();
		this.time.stop();

		assertThat(this.clock.waiting()).isZero();
		this.clock.pass(TIME);
		assertThat(this.over).isEmpty();
	}

	@Test
	void whatWasStoppedBeforeDoesNotStart() {
		this.time.stop();

		this.time.start(this.clock, TIME, () -> this.over.add("over"));

		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aTimeOfZeroIsForEver() {
		this.time.start(this.clock, Duration.ZERO, () -> this.over.add("over"));

		assertThat(this.clock.waiting()).isZero();
		this.clock.pass(TIME);
		assertThat(this.over).isEmpty();
	}

}
