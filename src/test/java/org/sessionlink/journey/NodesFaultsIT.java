package org.sessionlink.journey;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B4, B6, B21 and B22 while a node, the Redis, or the way to it is killed, frozen or cut:
 * every end reaches every socket within its bound, and nobody is ended wrongly.
 */
@OnFaultyNodes
@InPhase(Phase.TIME)
class NodesFaultsIT {

	/** What an end may take whose message is lost (B22). */
	private static final Duration RECONCILED = Duration.ofSeconds(10);

	private static final Duration GRACE = Duration.ofSeconds(Nodes.IMPATIENT_SECONDS);

	private final Nodes nodes;

	NodesFaultsIT(Nodes nodes) {
		this.nodes = nodes;
	}

	/** Waits until all is well again, for whoever is next. */
	@AfterEach
	void awaitReadiness() {
		this.nodes.awaitReadiness();
	}

	@Test
	void whoseNodeIsKilledGoesOnAtAnotherAndWhoIsElsewhereNoticesNothing() throws IOException {
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		Roamer bob = this.nodes.loggedIn(Nodes.PEOPLE, "bob");
		String link = ada.first().link();
		Socket broken = ada.first().connect();
		Socket elsewhere = bob.last().connect();

		this.nodes.container(0).kill();
		Socket back;
		try {
			assertThat(broken.awaitEnd()).isIn("reset", "1006 ");
			assertThat(ada.last().link()).isEqualTo(link);
			assertThat(ada.last().get("/session").body()).contains("\"principal\":\"ada\"");
			back = ada.last().connect();
		}
		finally {
			this.nodes.container(0).start();
		}
		this.nodes.awaitReadiness();
		ada.assertLinked(link);
		List.of(back, elsewhere).forEach(Socket::assertOpen);
		ada.first().change("POST", "/logout");
		assertThat(back.awaitEnd()).isEqualTo("1008 session-ended");
		elsewhere.assertOpen();
	}

	@Test
	void anEndWhoseMessageIsLostReachesEverySocketAllTheSame() {
		int last = this.nodes.last();
		List<Roamer> people = Stream.generate(() -> this.nodes.loggedIn(Nodes.PEOPLE, "ada")).limit(5).toList();
		List<Socket> sockets = people.stream().map((person) -> person.last().connect()).toList();
		Roamer stays = this.nodes.loggedIn(Nodes.PEOPLE, "bob");
		Socket staying = stays.last().connect();

		this.nodes.cable(last).lose(true);
		try {
			people.forEach((person) -> person.first().change("POST", "/logout"));
			long start = System.nanoTime();

			assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-ended");
			assertThat(this.nodes.cable(last).lost()).isPositive();
			assertThat(sockets).extracting((socket) -> socket.awaitClose().after(start))
				.allSatisfy((after) -> assertThat(after).isLessThan(Standstills.addedTo(RECONCILED, start)));
			staying.assertOpen();
		}
		finally {
			this.nodes.cable(last).lose(false);
		}
	}

	@Test
	void whileTheRedisIsAwaySocketsLiveOnAndWhenItIsBackNobodyHasEnded() {
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		String link = ada.first().link();
		List<Socket> sockets = ada.connect();
		sockets.forEach((socket) -> socket.subscribe("reply", "/topic/reply"));

		this.nodes.redis().kill();
		try {
			await().until(() -> ada.first().get("/session").statusCode() == 503);
			assertThat(ada.first().get("/").statusCode()).isEqualTo(200);
			assertThat(ada.first().get("/session").headers().firstValue("Retry-After")).isPresent();
			assertThat(sockets).allSatisfy((socket) -> assertThat(
					socket.send("/app/message", "{\"name\":\"still here\"}").awaitMessage("reply", "still here"))
				.isNotNull());
		}
		finally {
			this.nodes.redis().start();
		}

		this.nodes.awaitReadiness();
		ada.assertLinked(link);
		assertThat(sockets).allSatisfy(Socket::assertOpen);
		ada.first().change("POST", "/logout");
		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-ended");
	}

	@Test
	void aFrozenRedisEndsNobodyAndAfterTheGraceSocketsAreToldToComeBack() {
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		Roamer impatient = this.nodes.loggedIn(Nodes.IMPATIENT, "ada");
		Roamer brief = this.nodes.roamer(Nodes.BRIEF);
		brief.first().change("POST", "/session");
		List<Socket> patient = ada.connect();
		List<Socket> closed = impatient.connect();
		String link = ada.first().link();
		String linkOfImpatient = impatient.first().link();

		this.nodes.redis().freeze();
		long start = System.nanoTime();
		try {
			assertThat(closed).extracting(Socket::awaitEnd).allSatisfy((end) -> assertThat(end).startsWith("1013 "));
			assertThat(closed).extracting((socket) -> socket.awaitClose().after(start))
				.allSatisfy((after) -> assertThat(after).isGreaterThan(GRACE.minusMillis(100))
					.isLessThan(Standstills.addedTo(GRACE.plusSeconds(5), start)));
			assertThat(this.nodes.health(Nodes.IMPATIENT)).containsOnly(503);
			assertThat(patient).allSatisfy(Socket::assertOpen);
		}
		finally {
			this.nodes.redis().thaw();
		}

		this.nodes.awaitReadiness();
		await().untilAsserted(() -> assertThat(this.nodes.health(Nodes.IMPATIENT)).containsOnly(200));
		ada.assertLinked(link);
		impatient.assertLinked(linkOfImpatient);
		assertThat(impatient.connect()).allSatisfy(Socket::assertOpen);
		assertThat(patient).allSatisfy(Socket::assertOpen);
	}

	@Test
	void anEndWhileANodeIsCutOffReachesItsSocketsAfterwards() {
		int last = this.nodes.last();
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");
		Roamer bob = this.nodes.loggedIn(Nodes.PEOPLE, "bob");
		Socket ending = ada.last().connect();
		Socket staying = bob.last().connect();

		this.nodes.cable(last).cut();
		try {
			await().untilAsserted(() -> assertThat(this.nodes.health(Nodes.PEOPLE, last)).contains("store"));
			ada.first().change("POST", "/logout");
			assertThat(ada.first().get("/session").statusCode()).isEqualTo(404);
			ending.assertOpen();
		}
		finally {
			this.nodes.cable(last).mend();
		}

		assertThat(ending.awaitEnd()).isEqualTo("1008 session-ended");
		staying.assertOpen();
		assertThat(bob.last().get("/session").body()).contains("\"principal\":\"bob\"");
	}

	@Test
	void anOperatorEndsAllSessionsOfAllNodesAtOnce() {
		List<Roamer> people = Stream.generate(() -> this.nodes.loggedIn(Nodes.PEOPLE, "bob")).limit(3).toList();
		List<Socket> sockets = people.stream().flatMap((person) -> person.connect().stream()).toList();
		Roamer ada = this.nodes.loggedIn(Nodes.PEOPLE, "ada");

		int status = ada.last().change("DELETE", "/operator/links?reason=keys+have+leaked").statusCode();
		long start = System.nanoTime();

		assertThat(status).isEqualTo(200);
		assertThat(sockets).extracting(Socket::awaitEnd).containsOnly("1008 session-kicked");
		assertThat(sockets).extracting((socket) -> socket.awaitClose().after(start))
			.allSatisfy((after) -> assertThat(after).isLessThan(Standstills.addedTo(Duration.ofSeconds(1), start)));
		people.forEach(Roamer::assertNoSession);
	}

	@Test
	void noLogTellsThePasswordOfTheStore() {
		// Containers say with which options their own JVMs were started.
		assertThat(this.nodes.logged(Redis.password())).allMatch((line) -> line.contains(" -Dsessionlink.redis.url="));
	}

}
