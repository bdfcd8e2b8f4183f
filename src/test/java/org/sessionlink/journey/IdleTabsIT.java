package org.sessionlink.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B27 and B36: what has to come costs nothing. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class IdleTabsIT {

	private static final int TABS = 60;

	private final Container container;

	IdleTabsIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(IdleTabsIT.class, War.withSettings("sessionlink.heartbeat=1s"), "beating-fast");
	}

	@Test
	void manyIdleTabsOfOneSessionStayOpenThoughAllAnswerPingsAndSendHeartbeats() {
		Visitor visitor = new Visitor(this.container, "beating-fast");
		List<Socket> tabs = new ArrayList<>();
		ScheduledExecutorService browser = Executors.newSingleThreadScheduledExecutor();
		try {
			for (int i = 0; i < TABS; i++) {
				Socket tab = visitor.open("v12.stomp");
				tab.send("CONNECT\naccept-version:1.2\nheart-beat:1000,1000\n\n\0").await("CONNECTED");
				browser.scheduleAtFixedRate(() -> tab.trySend("\n"), 1_000, 1_000, TimeUnit.MILLISECONDS);
				tabs.add(tab);
			}

			// In this time they send more than three times what a session may at once.
			await().atMost(Duration.ofSeconds(40))
				.until(() -> tabs.stream().allMatch((tab) -> !tab.isOpen() || tab.heartbeats() >= 12));
			assertThat(tabs).allSatisfy(Socket::assertOpen);
		}
		finally {
			browser.shutdownNow();
		}
		tabs.forEach(Socket::close);
	}

}
