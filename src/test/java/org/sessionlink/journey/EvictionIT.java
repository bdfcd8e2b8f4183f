package org.sessionlink.journey;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B21: sessions that leave the memory while they are alive. Tomcat swaps them to a file
 * after a second here; the other containers do not read its {@code context.xml}, and show
 * that it does no harm.
 */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class EvictionIT {

	private static final String SWAPPING = """
			<Context>
			  <Manager className="org.apache.catalina.session.PersistentManager" maxIdleSwap="1" minIdleSwap="0"
			      processExpiresFrequency="1" saveOnRestart="false">
			    <Store className="org.apache.catalina.session.FileStore"/>
			  </Manager>
			</Context>
			""";

	private final Container container;

	EvictionIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(
				War.withSettingsAndFile("sessionlink.session-timeout=6s", "META-INF/context.xml", SWAPPING),
				"swapping");
	}

	@Test
	void aSessionThatIsSwappedOutHasNotEndedAndIsKeptAliveByItsSocket() {
		Visitor visitor = new Visitor(this.container, "swapping");
		Socket socket = visitor.connect();
		String view = visitor.get("/session").body();
		ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
		try {
			clock.scheduleAtFixedRate(() -> socket.send("/app/message", "{\"name\":\"swapped\"}"), 0, 3,
					TimeUnit.SECONDS);
			await().during(Duration.ofSeconds(14)).atMost(Duration.ofSeconds(16)).until(socket::isOpen);
		}
		finally {
			clock.shutdownNow();
		}

		assertThat(visitor.get("/session").body()).startsWith(view.substring(0, view.indexOf(',')));
		visitor.change("DELETE", "/session");
		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
	}

}
