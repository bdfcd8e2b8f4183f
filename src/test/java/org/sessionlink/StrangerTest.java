package org.sessionlink;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What strangers have tried, kept: each file is one input of {@link InboundFuzz}. */
class StrangerTest {

	private static Stranger stranger;

	@BeforeAll
	static void start() {
		stranger = new Stranger();
	}

	@AfterAll
	static void stop() {
		stranger.close();
	}

	static Stream<Path> inputs() throws IOException {
		return Files.list(Path.of("src/test/resources/org/sessionlink/strangers")).sorted();
	}

	@ParameterizedTest
	@MethodSource("inputs")
	void nothingOfTheInsideComesOut(Path input) throws IOException {
		stranger.says(Files.readAllBytes(input));

		assertThat(stranger.complaints()).isEmpty();
	}

}
