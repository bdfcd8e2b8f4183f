package org.sessionlink.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.OnPurpose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B39, B43: how long sessions last, on plain Spring and on SessionLink. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class OracleTimeIT {

	private final Container container;

	OracleTimeIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		Person.deploy(OracleTimeIT.class);
	}

	@Test
	void aTimeoutThatAMessageMethodSetsIsTheSessions() {
		List<String> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			person.visitor().get("/timeout?seconds=5");
			long start = System.nanoTime();
			person.connectAt("/stomp", Map.of()).send("/pub/timeout", "3600");
			await().until(() -> System.nanoTime() - start > Duration.ofMillis(6500).toNanos());
			return person.visitor().get("/colour-of-session").body();
		});

		assertThat(seen).containsExactly("green", "green");
	}

	@Test
	@OnPurpose("a session may expire at the end of a long request, or in its middle, as the container has it")
	void aRequestThatTakesLongerThanTheTimeoutKeepsItsSessionAndLeavesItsTimeToIt() {
		List<List<String>> seen = Person.onBoth(this.container, (person) -> {
			person.visitor().get("/colour?value=green");
			person.visitor().get("/timeout?seconds=2");
			return List.of(person.visitor().get("/slow?millis=3000").body(),
					person.visitor().get("/colour-of-session").body());
		});

		// What plain Spring shows depends on the moment at which its container looks.
		assertThat(seen.get(1)).containsExactly("green", "green");
	}

}
