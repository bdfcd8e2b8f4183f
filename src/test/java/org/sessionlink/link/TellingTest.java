package org.sessionlink.link;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;

import static org.assertj.core.api.Assertions.assertThat;

/** B41: code of others that fails. */
class TellingTest {

	@Test
	void whatIsThrownGoesToTheLogAndNoFurtherErrorsIncluded() {
		try (RecordedLog log = RecordedLog.of(Telling.class)) {
			Telling.tell("A listener", () -> {
				throw new IOException("on purpose");
			});
			Telling.tell("Another", () -> {
				throw new StackOverflowError("on purpose");
			});

			assertThat(log.lines()).containsExactly("ERROR A listener failed; nothing else is affected",
					"ERROR Another failed; nothing else is affected");
		}
	}

	@Test
	void whoDoesNotFailIsNoNews() {
		try (RecordedLog log = RecordedLog.of(Telling.class)) {
			Telling.tell("A listener", () -> {
			});

			assertThat(log.lines()).isEmpty();
		}
	}

}
