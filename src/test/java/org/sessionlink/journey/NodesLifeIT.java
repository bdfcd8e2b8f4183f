package org.sessionlink.journey;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B4, B7, B9, B15 and B43 where what keeps a session alive is at another node. */
@OnNodes
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Nodes.CALM, mode = ResourceAccessMode.READ)
class NodesLifeIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(Nodes.BRIEF_SECONDS);

	private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);

	private final Nodes nodes;

	NodesLifeIT(Nodes nodes) {
		this.nodes = nodes;
	}

	@AfterEach
	void stop() {
		this.clock.shutdownNow();
	}

	@Test
	void talkAtOneNodeKeepsTheSessionThatATabAtAnotherShows() {
		Roamer visitor = visitor();
		Socket silent = visitor.first().connect();
		Socket talking = visitor.last().connect();
		String link = visitor.first().link();

		talk(talking);

		await().during(TIMEOUT.multipliedBy(2)).atMost(TIMEOUT.multipliedBy(3)).until(silent::isOpen);
		visitor.assertLinked(link);
	}

	@Test
	void silentSocketsAreClosedOnTimeAtEveryNode() {
		Roamer visitor = visitor();
		long start = System.nanoTime();
		List<Socket> sockets = visitor.connect();
		long connected = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-expired");
		assertOnTime(sockets, start, connected);
		visitor.assertNoSession();
	}

	@Test
	void talkAtOneNodeAndThenSilenceStillEndsOnTimeAtEveryNode() {
		Roamer visitor = visitor();
		List<Socket> sockets = visitor.connect();
		Socket talking = sockets.get(sockets.size() - 1).subscribe("reply", "/topic/reply");
		ScheduledFuture<?> talk = talk(talking);
		await().during(TIMEOUT).atMost(TIMEOUT.multipliedBy(2)).until(() -> sockets.get(0).isOpen());
		talk.cancel(false);
		long start = System.nanoTime();
		talking.send("/app/message", "{\"name\":\"last words\"}").awaitMessage("reply", "last words");
		long heard = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-expired");
		assertOnTime(sockets, start, heard);
	}

	@Test
	void everyNodeSaysTheSameOfASession() {
		Roamer visitor = visitor();
		visitor.connect();
		talk(visitor.last().connect());

		await().during(TIMEOUT.multipliedBy(2)).atMost(TIMEOUT.multipliedBy(3)).untilAsserted(() -> {
			assertThat(visitor.everywhere()).extracting((each) -> seconds("remainingSeconds", each))
				.allSatisfy((seconds) -> assertThat(seconds).isBetween(atLeast(), Nodes.BRIEF_SECONDS));
			assertThat(visitor.everywhere()).extracting((each) -> text("createdAt", each))
				.containsOnly(text("createdAt", visitor.first()));
		});
	}

	@Test
	void tabsAtAllNodesAreWarnedAndOneTakesItBackForAll() {
		Roamer visitor = visitor();
		List<Socket> tabs = visitor.connect();
		tabs.forEach((tab) -> tab.subscribe("s", "/user/queue/session"));

		tabs.forEach((tab) -> tab.awaitMessage("s", "\"EXPIRING\""));
		tabs.get(tabs.size() - 1).send("/app/session/extend", "");

		assertThat(tabs).extracting((tab) -> tab.awaitMessage("s", "\"EXTENDED\"").body())
			.allSatisfy((told) -> assertThat(told).contains("\"remainingSeconds\":" + Nodes.BRIEF_SECONDS));
		visitor.first().change("DELETE", "/session");
		assertThat(tabs).extracting((tab) -> tab.awaitMessage("s", "\"ENDED\"").body())
			.containsOnly("{\"event\":\"ENDED\",\"cause\":\"session-ended\"}");
	}

	@Test
	void aTimeoutThatIsSetAtOneNodeHoldsAtEveryOther() {
		Roamer visitor = this.nodes.roamer(Nodes.SHOP);
		visitor.first().get("/colour?value=green");
		List<Socket> sockets = visitor.connect();

		visitor.first().get("/habits/timeout?seconds=3");
		long start = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-expired");
		assertThat(sockets).extracting((socket) -> socket.awaitClose().after(start))
			.allSatisfy((after) -> assertThat(after).isLessThan(Standstills.addedTo(Duration.ofSeconds(3 + 1), start)));
	}

	@Test
	void aRequestAtAnyNodeKeepsTheSessionAliveAtAllOfThem() {
		Roamer visitor = visitor();
		List<Socket> sockets = visitor.connect();

		this.clock.scheduleAtFixedRate(() -> visitor.last().get("/"), 0, 500, TimeUnit.MILLISECONDS);

		await().during(TIMEOUT.multipliedBy(2))
			.atMost(TIMEOUT.multipliedBy(3))
			.until(() -> sockets.stream().allMatch(Socket::isOpen));
	}

	// Talk comes twice a second, and what is left is told in whole seconds.
	private static int atLeast() {
		long usedBefore = System.nanoTime() - TIMEOUT.toNanos();
		return Nodes.BRIEF_SECONDS - (int) Standstills.addedTo(Duration.ofSeconds(2), usedBefore).toSeconds();
	}

	private Roamer visitor() {
		Roamer visitor = this.nodes.roamer(Nodes.BRIEF);
		visitor.first().change("POST", "/session");
		return visitor;
	}

	private ScheduledFuture<?> talk(Socket socket) {
		return this.clock.scheduleAtFixedRate(() -> socket.send("/app/message", "{\"name\":\"talker\"}"), 0, 500,
				TimeUnit.MILLISECONDS);
	}

	private static int seconds(String name, Visitor visitor) {
		return Integer.parseInt(visitor.get("/session").body().replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
	}

	private static String text(String name, Visitor visitor) {
		return visitor.get("/session").body().replaceAll(".*\"" + name + "\":\"([^\"]+)\".*", "$1");
	}

	// Its last use was in between.
	private static void assertOnTime(List<Socket> sockets, long start, long used) {
		assertThat(sockets).allSatisfy((socket) -> {
			assertThat(socket.awaitClose().after(start)).isGreaterThanOrEqualTo(TIMEOUT);
			assertThat(socket.awaitClose().after(used))
				.isLessThanOrEqualTo(Standstills.addedTo(TIMEOUT.plusSeconds(1), used));
		});
	}

}
