package org.sessionlink.wire;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PatienceTest {

	private static final Duration ALL = Duration.ofMillis(2);

	private final Patience patience = new Patience();

	@Test
	void itLastsTwoMilliseconds() {
		assertThat(await()).isGreaterThanOrEqualTo(ALL.minusNanos(100_000));
	}

	@Test
	void allInAllAndNotEachTime() {
		await();
		await();

		long start = System.nanoTime();
		IntStream.range(0, 5000).forEach((i) -> await());

		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ALL.multipliedBy(5000));
	}

	@Test
	void whoIsInterruptedHasNoneLeftAndStaysSo() {
		Thread.currentThread().interrupt();

		await();

		assertThat(Thread.interrupted()).isTrue();
		long start = System.nanoTime();
		IntStream.range(0, 5000).forEach((i) -> await());
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ALL.multipliedBy(5000));
	}

	private Duration await() {
		long start = System.nanoTime();
		synchronized (this) {
			this.patience.await(this);
		}
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
