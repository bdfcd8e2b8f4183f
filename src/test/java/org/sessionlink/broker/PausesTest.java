package org.sessionlink.broker;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PausesTest {

	private final Pauses pauses = new Pauses(Duration.ofMillis(100), Duration.ofMillis(1_000));

	@Test
	void theyGrowUpToALimitAndHalfOfEachIsChance() {
		for (long most : new long[] { 100, 200, 400, 800, 1_000, 1_000 }) {
			assertThat(this.pauses.next()).isBetween(Duration.ofMillis(most / 2), Duration.ofMillis(most));
		}
	}

	@Test
	void aLongTimeOfThemGrowsNoFurther() {
		for (int i = 0; i < 1_000; i++) {
			this.pauses.next();
		}

		assertThat(this.pauses.next()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1_000));
	}

	@Test
	void theyBeginAnewAfterASuccess() {
		this.pauses.next();
		this.pauses.next();

		this.pauses.reset();

		assertThat(this.pauses.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
	}

}
