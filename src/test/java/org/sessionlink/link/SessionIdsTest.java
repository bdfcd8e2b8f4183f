package org.sessionlink.link;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionIdsTest {

	private final SessionIds ids = new SessionIds("first");

	@Test
	void aNewIdIsTakenOverOnce() {
		assertThat(this.ids.moveTo("second")).isTrue();
		assertThat(this.ids.moveTo("second")).isFalse();

		assertThat(this.ids.current()).isEqualTo("second");
	}

	@Test
	void anIdThatTheSessionHasLeftNeverComesBack() {
		this.ids.moveTo("second");
		this.ids.moveTo("third");

		assertThat(this.ids.moveTo("first")).isFalse();
		assertThat(this.ids.moveTo("second")).isFalse();

		assertThat(this.ids.current()).isEqualTo("third");
	}

	@Test
	void onlyTheLastFewAreRememberedHoweverManyThereWere() {
		IntStream.rangeClosed(1, 7).forEach((i) -> this.ids.moveTo("id" + i));
		assertThat(this.ids.moveTo("first")).isFalse();

		this.ids.moveTo("id8");

		assertThat(this.ids.moveTo("first")).isTrue();
	}

}
