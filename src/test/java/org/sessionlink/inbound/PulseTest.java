package org.sessionlink.inbound;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class PulseTest {

	private static final long SECOND = 1_000_000_000;

	private final Pulse pulse = new Pulse();

	@ParameterizedTest
	@CsvSource({ "0, 1000, 0", "1000, 0, 0", "1000, 1000, 1", "1, 1000, 1", "1000, 1, 1", "3000, 1000, 3" })
	void thePaceIsTheSlowerOfWhatEitherWants(long client, long server, int seconds) {
		this.pulse.agree(client, server);

		long now = Long.MAX_VALUE - SECOND;
		for (int i = 0; i < 3; i++) {
			assertThat(this.pulse.allows(now)).isEqualTo(seconds > 0);
		}
		assertThat(this.pulse.allows(now)).isFalse();
		assertThat(this.pulse.allows(now + seconds * SECOND - 1)).isFalse();
		assertThat(this.pulse.allows(now + seconds * SECOND)).isEqualTo(seconds > 0);
	}

	@Test
	void theClockMayStartAnywhere() {
		this.pulse.agree(1_000, 1_000);

		assertThat(this.pulse.allows(Long.MIN_VALUE / 2)).isTrue();
	}

	@Test
	void nothingIsSavedUp() {
		this.pulse.agree(1_000, 1_000);
		assertThat(this.pulse.allows(0)).isTrue();

		long later = 1_000 * SECOND;
		for (int i = 0; i < 3; i++) {
			assertThat(this.pulse.allows(later)).isTrue();
		}

		assertThat(this.pulse.allows(later)).isFalse();
	}

	@Test
	void whoKeepsThePaceIsAlwaysAllowed() {
		this.pulse.agree(1_000, 1_000);

		for (int i = 0; i < 10_000; i++) {
			assertThat(this.pulse.allows(i * SECOND + (i % 3) * (SECOND / 4))).isTrue();
		}
	}

}
