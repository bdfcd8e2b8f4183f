package org.sessionlink.journey;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.awaitility.Awaitility.await;

/**
 * None but its link closes a socket that says nothing. It takes longer than the rest, and
 * so begins before anything is deployed.
 */
@OnEveryContainer
@Execution(ExecutionMode.CONCURRENT)
class SilenceIT {

	private static final Duration LONGEST_IDLE_TIMEOUT = Duration.ofSeconds(90);

	private final Container container;

	SilenceIT(Container container) {
		this.container = container;
	}

	@Test
	void aSocketThatSaysNothingStaysOpenLongerThanContainersWait() {
		Socket silent = new Visitor(this.container).connect();

		await().during(LONGEST_IDLE_TIMEOUT.plusSeconds(5))
			.atMost(LONGEST_IDLE_TIMEOUT.plusSeconds(30))
			.until(silent::isOpen);
	}

}
