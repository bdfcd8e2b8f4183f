package org.sessionlink.app;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GreetingRequestTest {

	@ParameterizedTest
	@ValueSource(strings = { "Ada", " Ada ", "<b>", "عبد الرحمن" })
	void aNameIsTakenAsItCame(String name) {
		assertThat(new GreetingRequest(name).validName()).isEqualTo(name);
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\t\u2003\n" })
	void aNameThatIsMissingOrBlankIsRefused(String name) {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> new GreetingRequest(name).validName())
			.extracting(RefusedException::code)
			.isEqualTo((name != null) ? "name-blank" : "name-missing");
	}

	@Test
	void lengthIsCountedInCharactersAsPeopleSeeThem() {
		assertThat(new GreetingRequest("🦊".repeat(100)).validName()).hasSize(200);
		assertThatExceptionOfType(RefusedException.class)
			.isThrownBy(() -> new GreetingRequest("🦊".repeat(101)).validName())
			.withMessageContaining("101");
	}

}
