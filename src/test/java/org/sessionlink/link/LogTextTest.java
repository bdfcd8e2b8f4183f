package org.sessionlink.link;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LogTextTest {

	@Test
	void nothingInItEndsALineOrTurnsItRound() {
		assertThat(LogText.visible("/topic/a\u2028INFO\u2029 \u202Eevil\uFEFF \u00E9\uD83E\uDD8A"))
			.isEqualTo("/topic/a?INFO? ?evil? \u00E9\uD83E\uDD8A");
		assertThat(LogText.visible(null)).isNull();
	}

	@Test
	void ofVeryMuchThereIsTheStart() {
		assertThat(LogText.visible("x".repeat(1_000_000))).hasSize(1_000);
	}

}
