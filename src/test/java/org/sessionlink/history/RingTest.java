package org.sessionlink.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** B31: what a ring keeps, and what it says about the rest. */
class RingTest {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	@Test
	void whatCameAfterIsReturnedInOrder() {
		Ring ring = filled(new KeepRule("/**", 0, 0, Duration.ZERO, false), 5, 10);

		assertThat(offsets(ring.after(2))).containsExactly(3L, 4L, 5L);
		assertThat(offsets(ring.after(5))).isEmpty();
		assertThat(offsets(ring.after(0))).containsExactly(1L, 2L, 3L, 4L, 5L);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 6, 7, Long.MAX_VALUE, -1 })
	void whatIsNotKeptOrNeverCameIsNotKnown(long offset) {
		Ring ring = filled(new KeepRule("/**", 3, 0, Duration.ZERO, false), 5, 10);

		assertThat(ring.after(offset)).isNull();
		assertThat(offsets(ring.after(2))).containsExactly(3L, 4L, 5L);
	}

	@Test
	void oneThatIsTooLargeIsCountedAndNobodyGetsPastItUnnoticed() {
		Ring ring = new Ring(new KeepRule("/**", 0, 1000, Duration.ZERO, false));
		ring.add(() -> 10, 0);
		ring.add(() -> 5000, 0);
		ring.add(() -> 10, 0);

		assertThat(ring.after(1)).isNull();
		assertThat(offsets(ring.after(2))).containsExactly(3L);
		assertThat(ring.last()).isEqualTo(3);
	}

	@Test
	void whatIsTooOldIsForgotten() {
		Ring ring = new Ring(new KeepRule("/**", 0, 0, Duration.ofSeconds(10), false));
		ring.add(() -> 1, 0);
		ring.add(() -> 1, 5 * SECOND);

		ring.trim(10 * SECOND);

		assertThat(ring.after(0)).isNull();
		assertThat(offsets(ring.after(1))).containsExactly(2L);
		ring.trim(15 * SECOND);
		assertThat(ring.isEmpty()).isTrue();
		assertThat(ring.bytes()).isZero();
		assertThat(ring.after(2)).isEmpty();
	}

	@Property
	void boundsHoldAndNoHoleIsEverReturned(@ForAll List<@IntRange(max = 400) Integer> sizes,
			@ForAll @IntRange(max = 5) int count, @ForAll @IntRange(max = 1500) int size,
			@ForAll @IntRange(max = 60) int from) {
		Ring ring = new Ring(new KeepRule("/**", count, size, Duration.ZERO, false));
		sizes.forEach((bytes) -> ring.add(() -> bytes, 0));

		List<Ring.Kept> after = ring.after(from);

		assertThat(size == 0 || ring.bytes() <= size).isTrue();
		if (after != null) {
			List<Long> wanted = new ArrayList<>();
			for (long i = from + 1L; i <= sizes.size(); i++) {
				wanted.add(i);
			}
			assertThat(offsets(after)).isEqualTo(wanted);
			assertThat(count == 0 || after.size() <= count).isTrue();
		}
	}

	private static Ring filled(KeepRule rule, int messages, long bytes) {
		Ring ring = new Ring(rule);
		for (int i = 0; i < messages; i++) {
			ring.add(() -> bytes, 0);
		}
		return ring;
	}

	private static List<Long> offsets(List<Ring.Kept> kept) {
		assertThat(kept).isNotNull();
		return kept.stream().map(Ring.Kept::offset).toList();
	}

}
