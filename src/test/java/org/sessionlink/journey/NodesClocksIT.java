package org.sessionlink.journey;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.journey.people.People;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B4, B7, B10, B22, B43 and B48 where the clock of the last node is ahead: what a session
 * does no node's clock decides, wherever it begins.
 */
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class NodesClocksIT {

	private static final String AGED = "aged";

	private static final Duration AHEAD = Duration.ofSeconds(2);

	private static final Duration TIMEOUT = Duration.ofSeconds(Nodes.BRIEF_SECONDS);

	private static final Duration MAX_AGE = Duration.ofSeconds(6);

	private static Nodes nodes;

	private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);

	@BeforeAll
	static void start() {
		Needed.command("libfaketime", "faketime", "--version");
		nodes = Nodes.apart(AHEAD, List.of(Nodes.PEOPLE, Nodes.BRIEF, Nodes.SINGLE),
				Map.of(AGED, War.withSettings("sessionlink.max-age=" + MAX_AGE.toSeconds() + "s\n")));
	}

	@AfterAll
	static void end() {
		if (nodes != null) {
			nodes.close();
		}
	}

	@AfterEach
	void stop() {
		this.clock.shutdownNow();
	}

	/** Or the others here would prove nothing. */
	@Test
	void theClockOfTheLastNodeIsAhead() {
		Roamer first = nodes.roamer(Nodes.PEOPLE);
		Roamer last = nodes.roamer(Nodes.PEOPLE);
		Instant before = Instant.now();
		first.first().change("POST", "/session");
		last.last().change("POST", "/session");
		Instant after = Instant.now();

		assertThat(created(first.first())).isBetween(before.minusMillis(1), after);
		assertThat(created(last.last())).isBetween(before.plus(AHEAD).minusMillis(100),
				after.plus(AHEAD).plusMillis(100));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void silentSocketsAreClosedOnTimeAtEveryNode(boolean ahead) {
		Roamer visitor = visitor(Nodes.BRIEF, ahead);
		long start = System.nanoTime();
		List<Socket> sockets = visitor.connect();
		long connected = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-expired");
		assertOnTime(sockets, start, connected);
		visitor.assertNoSession();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void talkAtEitherKeepsTheSessionAndItEndsOnTimeOnceThatIsOver(boolean ahead) {
		Roamer visitor = visitor(Nodes.BRIEF, !ahead);
		List<Socket> sockets = visitor.connect();
		Socket talking = sockets.get(ahead ? nodes.last() : 0).subscribe("reply", "/topic/reply");
		String link = visitor.first().link();

		ScheduledFuture<?> talk = this.clock.scheduleAtFixedRate(
				() -> talking.send("/app/message", "{\"name\":\"talker\"}"), 0, 500, TimeUnit.MILLISECONDS);
		await().during(TIMEOUT.multipliedBy(2))
			.atMost(TIMEOUT.multipliedBy(4))
			.until(() -> sockets.stream().allMatch(Socket::isOpen));
		visitor.assertLinked(link);
		talk.cancel(false);
		long start = System.nanoTime();
		talking.send("/app/message", "{\"name\":\"last words\"}").awaitMessage("reply", "last words");
		long heard = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-expired");
		assertOnTime(sockets, start, heard);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everyNodeSaysTheSameOfASession(boolean ahead) {
		// To look is no use of it, and its last one is after that.
		long start = System.nanoTime();
		Roamer visitor = visitor(Nodes.PEOPLE, ahead);
		visitor.connect();
		Instant created = created(visitor.first());

		await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			assertThat(visitor.everywhere()).extracting(NodesClocksIT::created).containsOnly(created);
			List<Long> remaining = visitor.everywhere().stream().map(NodesClocksIT::remaining).toList();
			long passed = Duration.ofNanos(System.nanoTime() - start).toSeconds();
			assertThat(remaining)
				.allSatisfy((seconds) -> assertThat(seconds).isBetween(30 * 60 - 1 - passed, 30L * 60));
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theGreatestAgeIsTheSameAtEveryNode(boolean ahead) {
		long start = System.nanoTime();
		Roamer visitor = visitor(AGED, ahead);
		long begun = System.nanoTime();
		List<Socket> sockets = visitor.connect();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-max-age");
		assertThat(sockets).allSatisfy((socket) -> {
			assertThat(socket.awaitClose().after(start)).isGreaterThanOrEqualTo(MAX_AGE);
			assertThat(socket.awaitClose().after(begun))
				.isLessThanOrEqualTo(Standstills.addedTo(MAX_AGE.plusSeconds(1), begun));
		});
		visitor.assertNoSession();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anEndReachesTheSocketsOfAllNodesAtOnce(boolean ahead) {
		Roamer visitor = visitor(Nodes.PEOPLE, !ahead);
		List<Socket> sockets = visitor.connect();

		at(visitor, ahead).change("DELETE", "/session");
		long ended = System.nanoTime();

		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-ended");
		assertThat(sockets).extracting((socket) -> socket.awaitClose().after(ended))
			.allSatisfy((after) -> assertThat(after).isLessThan(Standstills.addedTo(Duration.ofSeconds(1), ended)));
		visitor.assertNoSession();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void ofTwoLoginsTheOlderEnds(boolean ahead) {
		Roamer older = nodes.roamer(Nodes.SINGLE);
		at(older, ahead).login(ahead ? "ada" : "bob", People.PASSWORD);
		List<Socket> ending = older.connect();
		Roamer newer = nodes.roamer(Nodes.SINGLE);
		at(newer, !ahead).login(ahead ? "ada" : "bob", People.PASSWORD);

		assertThat(ending).extracting(Socket::awaitEnd).containsOnly("1008 session-replaced");
		assertThat(newer.connect()).allSatisfy(Socket::assertOpen);
		older.assertNoSession();
	}

	private static Roamer visitor(String application, boolean ahead) {
		Roamer visitor = nodes.roamer(application);
		at(visitor, ahead).change("POST", "/session");
		return visitor;
	}

	private static Visitor at(Roamer roamer, boolean ahead) {
		return ahead ? roamer.last() : roamer.first();
	}

	private static Instant created(Visitor visitor) {
		return Instant.parse(visitor.get("/session").body().replaceAll(".*\"createdAt\":\"([^\"]+)\".*", "$1"));
	}

	private static long remaining(Visitor visitor) {
		return Long.parseLong(visitor.get("/session").body().replaceAll(".*\"remainingSeconds\":(\\d+).*", "$1"));
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
