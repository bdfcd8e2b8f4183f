package org.sessionlink.journey;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B1, B25 and the settings, in copies of the WAR with a {@code sessionlink.properties}.
 */
@OnEveryContainer
@Execution(ExecutionMode.CONCURRENT)
class SettingsIT {

	private final Container container;

	SettingsIT(Container container) {
		this.container = container;
	}

	@Test
	void aRequiredSessionAndAnAllowedOriginAreInForce() {
		SharedContainers.deploy(SettingsIT.class, War.withSettings("""
				sessionlink.session=require
				sessionlink.session-timeout=90s
				sessionlink.allowed-origins=https://www.example.org, https://app.example.org
				"""), "requiring");
		Handshake stranger = Handshake.at(this.container.url("requiring", "/greeting"));
		Handshake foreign = Handshake.at(this.container.url("requiring", "/greeting"), "Origin: http://evil.example");
		Handshake allowed = Handshake.at(this.container.url("requiring", "/greeting"),
				"Origin: https://app.example.org");

		assertThat(stranger.status()).isEqualTo(401);
		assertThat(stranger.body())
			.isEqualTo("There is no HTTP session to connect under: open a page of this application first.");
		assertThat(stranger.header("Set-Cookie")).isEmpty();
		assertThat(foreign.status()).isEqualTo(403);
		assertThat(allowed.status()).isEqualTo(401);
		assertThat(this.container.log()).contains("sessionlink.session = require", "sessionlink.session-timeout = 90s",
				"sessionlink.allowed-origins = https://www.example.org, https://app.example.org");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			misspelt | sessionlink.sesion=create | sessionlink.sesion is not a setting: use one of
			wrong    | sessionlink.session=often | sessionlink.session is 'often': use one of create, require.
			""")
	void aSettingThatMakesNoSenseStopsTheStartWithOneSentence(String context, String setting, String sentence) {
		int start = this.container.log().length();

		this.container.place(War.withSettings(setting), context);

		await().atMost(Duration.ofMinutes(10))
			.untilAsserted(() -> assertThat(this.container.log().substring(start))
				.contains("SessionLink does not start: " + sentence));
		assertThat(this.container.status(context)).isIn(404, 503);
	}

}
