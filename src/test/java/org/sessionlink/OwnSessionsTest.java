package org.sessionlink;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.MapSessionRepository;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An application that keeps its sessions itself, with Spring Session (B20). */
class OwnSessionsTest {

	@Test
	void itDoesNotStartWhereASettingBringsAnother() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> InProcess
				.onSessionLinkSet(OwnSessions.class, Map.of("sessionlink.redis.url", "redis://127.0.0.1:1"))
				.close())
			.havingRootCause()
			.withMessageContaining("a Spring Session of its own")
			.withMessageContaining("sessionlink.redis.url");
	}

	@Test
	void itStartsWithoutThatSetting() {
		InProcess.onSessionLinkSet(OwnSessions.class, Map.of()).close();
	}

	@Configuration
	@EnableSessionLink
	static class OwnSessions extends OneEndpoint {

		@Bean
		MapSessionRepository sessions() {
			return new MapSessionRepository(new HashMap<>());
		}

	}

}
