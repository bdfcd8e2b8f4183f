package org.sessionlink.broker;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.FakeClock;

import static org.assertj.core.api.Assertions.assertThat;

/** Heart-beats that somebody asks for who means no good. */
class LineBeatsTest {

	private static final long NOW = Duration.ofDays(100).toNanos();

	private FakeClock clock;

	private RelayTimes times;

	@BeforeEach
	void begin() {
		this.clock = new FakeClock();
		this.times = new RelayTimes(this.clock);
		this.times.established();
	}

	@ParameterizedTest
	@ValueSource(longs = { 86_400_000, 3_000_000_000_000L, Long.MAX_VALUE })
	void whoeverWantsNoneForAgesIsNotTakenForSilentAtOnceAndIsAfterThreeDays(long millis) {
		LineBeats beats = new LineBeats(new long[] { millis, millis }, Duration.ofSeconds(10), NOW);
		Duration silence = beats.agree(new long[] { millis, millis }, NOW);
		long later = NOW + Duration.ofHours(23).toNanos();
		long muchLater = NOW + Duration.ofDays(4).toNanos();

		assertThat(beats.isClientSilent(later)).isFalse();
		assertThat(beats.isDueToClient(later)).isFalse();
		assertThat(beats.isDueToBroker(later)).isFalse();
		assertThat(beats.isClientSilent(muchLater)).isTrue();
		assertThat(silence).isEqualTo(Duration.ofDays(3));
		assertThat(beats.isDueToBroker(muchLater)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(longs = { -3, 3_000_000_000_000L, Long.MAX_VALUE })
	void theServersOwnConnectionHearsOfSilenceAfterThreeDaysAtMostAndNotBefore(long millis) {
		this.times.onSilence(() -> {
		}, millis);
		this.times.onNothingWritten(() -> {
		}, millis);

		this.clock.pass(Duration.ofHours(23));
		assertThat(this.times.due()).isEmpty();
		this.clock.pass(Duration.ofDays(3));
		assertThat(this.times.due()).hasSize(2);
	}

	@Test
	void whatTakesTooLongIsNamedAndWhatIsOverIsNot() {
		assertThat(this.times.tooLong()).isNull();
		this.times.blocked(true);
		this.clock.pass(Duration.ofSeconds(11));
		assertThat(this.times.tooLong()).isEqualTo("The broker does not read");
		this.times.blocked(false);
		assertThat(this.times.tooLong()).isNull();
		this.times.unfinished(true, false);
		this.clock.pass(Duration.ofSeconds(31));
		assertThat(this.times.tooLong()).contains("frame");
	}

}
