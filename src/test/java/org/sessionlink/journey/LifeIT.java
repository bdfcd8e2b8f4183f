package org.sessionlink.journey;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B3 to B11, B15 and B18: the life of a link whose HTTP session times out after three
 * seconds.
 */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class LifeIT {

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	// The warning is 4 s before; it may be told late.
	private static final String EXPIRING = "\\{\"event\":\"EXPIRING\",\"remainingSeconds\":[1-4]}";

	private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);

	private final Container container;

	LifeIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		String settings = "sessionlink.session-timeout=3s\nsessionlink.expiry-warning=1s\n";
		// More is published at once than one session may send by default.
		War life = War.withSettings(settings + "sessionlink.limits.frames-per-second=0");
		War beating = War.withSettings(settings + "sessionlink.activity=heartbeats");
		War aged = War.withSettings(settings + "sessionlink.max-age=4s");
		// Time to subscribe after the warning.
		War quiet = War
			.withSettings("sessionlink.session-timeout=6s\nsessionlink.expiry-warning=4s\nsessionlink.activity=none");
		SharedContainers.deploy(LifeIT.class, Map.of("life", life, "beating", beating, "aged", aged, "quiet", quiet));
	}

	@AfterEach
	void stop() {
		this.clock.shutdownNow();
	}

	@Test
	void whoOnlyTalksOnASocketIsNotLoggedOut() {
		Visitor visitor = visitor("life");
		Socket socket = visitor.connect();
		String link = linkOf(visitor);

		every(Duration.ofMillis(500), () -> socket.send("/app/message", "{\"name\":\"talker\"}"));
		assertStaysOpen(socket, TIMEOUT.multipliedBy(3));

		assertThat(linkOf(visitor)).isEqualTo(link);
	}

	@Test
	void aDesertedTabThatOnlySendsHeartbeatsExpiresOnTime() {
		Visitor visitor = visitor("life");
		long start = System.nanoTime();
		Socket socket = visitor.connect();
		long connected = System.nanoTime();

		every(Duration.ofMillis(200), () -> socket.send("\n"));

		assertThat(socket.awaitClose().reason()).isEqualTo("session-expired");
		assertOnTime(socket, start, connected);
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
	}

	@Test
	void aDesertedTabThatKeepsComingBackByItselfExpiresOnTime() {
		Visitor visitor = visitor("life");
		long start = System.nanoTime();
		Socket first = visitor.connect();
		long connected = System.nanoTime();
		every(Duration.ofMillis(700),
				() -> visitor.open("v12.stomp")
					.send("CONNECT\naccept-version:1.2\nreconnect:true\nheart-beat:0,0\n\n\0")
					.subscribe("1", "/topic/reply")
					.close());

		assertThat(first.awaitClose().reason()).isEqualTo("session-expired");

		assertOnTime(first, start, connected);
	}

	@Test
	void whoConnectsAgainAndAgainIsNotLoggedOut() {
		Visitor visitor = visitor("life");
		Socket first = visitor.connect();

		every(Duration.ofMillis(700), () -> visitor.connect().close());

		assertStaysOpen(first, TIMEOUT.multipliedBy(2));
	}

	@Test
	void heartbeatsKeepASessionAliveWhereTheSettingsSaySo() {
		Visitor visitor = visitor("beating");
		Socket socket = visitor.connect();

		every(Duration.ofMillis(500), () -> socket.send("\n"));
		assertStaysOpen(socket, TIMEOUT.multipliedBy(3));

		assertThat(visitor.get("/session").statusCode()).isEqualTo(200);
	}

	@Test
	void aSilentSubscriberIsClosedOnTimeAndGetsNothingAfterTheEndWhateverIsPublished() {
		Socket publisher = visitor("life").connect();
		every(Duration.ofMillis(2), () -> publisher.send("/app/message", "{\"name\":\"tick\"}"));
		Visitor visitor = visitor("life");
		long start = System.nanoTime();
		Socket silent = visitor.connect().subscribe("1", "/topic/reply");
		long subscribed = System.nanoTime();

		Socket.Close close = silent.awaitClose();

		assertThat(close).extracting(Socket.Close::status, Socket.Close::reason)
			.containsExactly(1008, "session-expired");
		assertThat(close.after(start)).isGreaterThanOrEqualTo(TIMEOUT);
		assertThat(close.after(subscribed)).isLessThan(Standstills.addedTo(TIMEOUT.plusSeconds(1), subscribed));
		List<Frame> frames = silent.rest();
		assertThat(frames).hasSizeGreaterThan(20);
		assertThat(frames.get(frames.size() - 1).header("message")).isEqualTo("session-expired");
		assertThat(frames.subList(0, frames.size() - 1))
			.allSatisfy((frame) -> assertThat(frame.command()).isEqualTo("MESSAGE"));
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
	}

	@Test
	void whatIsSentUnderASessionThatHasEndedHasNoEffect() throws IOException {
		Visitor visitor = visitor("life");
		visitor.connect();
		Socket observer = visitor("life").connect().subscribe("1", "/topic/reply");
		try (StalledPeer ended = StalledPeer.opened(this.container.url("life", "/greeting"), visitor.sessionId())) {
			ended.send("CONNECT\naccept-version:1.2\n\n\0");
			ended.send("SEND\ndestination:/app/message\n\n{\"name\":\"before\"}\0");
			observer.awaitMessage("1", "before");

			visitor.change("DELETE", "/session");
			ended.send("SEND\ndestination:/app/message\n\n{\"name\":\"behind\"}\0");
			assertThat(ended.awaitEnd()).isEqualTo("1008 session-ended");
		}

		observer.send("/app/message", "{\"name\":\"later\"}");
		List<String> heard = new ArrayList<>();
		do {
			heard.add(observer.awaitMessage("1").body());
		}
		while (!heard.contains("later"));
		assertThat(heard).doesNotContain("behind");
	}

	@Test
	void aLinkOutlivesANewSessionIdAndEndsWithItsSession() {
		Visitor visitor = visitor("life");
		Socket socket = visitor.connect().subscribe("1", "/topic/reply");
		String link = linkOf(visitor);
		String oldId = visitor.sessionId();

		assertThat(visitor.change("POST", "/session/rotate").statusCode()).isEqualTo(200);
		assertThat(visitor.sessionId()).isNotEqualTo(oldId);
		every(Duration.ofMillis(500), () -> socket.send("/app/message", "{\"name\":\"rotated\"}"));
		assertStaysOpen(socket, TIMEOUT.multipliedBy(2));
		assertThat(linkOf(visitor)).isEqualTo(link);
		visitor.change("DELETE", "/session");

		assertThat(socket.awaitClose().reason()).isEqualTo("session-ended");
	}

	@Test
	void talkThenARequestThenSilenceStillExpiresOnTime() {
		Visitor visitor = visitor("life");
		Socket socket = visitor.connect();
		every(Duration.ofMillis(300), () -> socket.send("/app/message", "{\"name\":\"talker\"}"));
		assertStaysOpen(socket, Duration.ofSeconds(2));
		this.clock.shutdownNow();
		visitor.get("/");
		long start = System.nanoTime();

		assertThat(socket.awaitClose().reason()).isEqualTo("session-expired");

		assertThat(socket.awaitClose().after(start)).isBetween(TIMEOUT.minusMillis(500),
				Standstills.addedTo(TIMEOUT.plusSeconds(1), start));
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
	}

	@Test
	void lookingAtTheSessionAndAtStaticFilesDoesNotKeepItAlive() {
		Visitor visitor = visitor("life");
		long start = System.nanoTime();
		Socket socket = visitor.connect();
		long connected = System.nanoTime();
		every(Duration.ofMillis(300), () -> {
			visitor.get("/session");
			visitor.get("/page/page.js");
		});

		assertOnTime(socket, start, connected);
	}

	@Test
	void anyOtherRequestKeepsItAlive() {
		Visitor visitor = visitor("life");
		Socket socket = visitor.connect();

		every(Duration.ofMillis(500), () -> visitor.get("/"));

		assertStaysOpen(socket, TIMEOUT.multipliedBy(2));
	}

	@Test
	void theGreatestAgeEndsABusySession() {
		Visitor visitor = visitor("aged");
		long start = System.nanoTime();
		Socket socket = visitor.connect();

		every(Duration.ofMillis(200), () -> socket.send("/app/message", "{\"name\":\"busy\"}"));

		assertThat(socket.awaitClose().reason()).isEqualTo("session-max-age");
		assertThat(socket.awaitClose().after(start)).isBetween(Duration.ofSeconds(4),
				Standstills.addedTo(Duration.ofSeconds(5), start));
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
	}

	@Test
	void allTabsAreToldOfTheirSession() {
		Visitor visitor = visitor("quiet");
		Socket one = visitor.connect().subscribe("s", "/user/queue/session");
		Socket two = visitor.connect().subscribe("s", "/user/queue/session");

		assertThat(one.awaitMessage("s").body())
			.matches("\\{\"event\":\"OPEN\",\"remainingSeconds\":[1-6],\"socket\":\"[^\"]+\"}");
		assertThat(two.awaitMessage("s").body())
			.matches("\\{\"event\":\"OPEN\",\"remainingSeconds\":[1-6],\"socket\":\"[^\"]+\"}");
		assertThat(one.awaitMessage("s").body()).matches(EXPIRING);
		assertThat(two.awaitMessage("s").body()).matches(EXPIRING);
		one.send("/app/session/extend", "");
		assertThat(two.awaitMessage("s").body()).isEqualTo("{\"event\":\"EXTENDED\",\"remainingSeconds\":6}");
		assertThat(two.awaitMessage("s", "EXPIRING").body()).matches(EXPIRING);
		visitor.change("POST", "/session/extend");
		assertThat(two.awaitMessage("s").body()).isEqualTo("{\"event\":\"EXTENDED\",\"remainingSeconds\":6}");
		visitor.change("DELETE", "/session");
		assertThat(two.awaitMessage("s", "\"ENDED\"").body())
			.isEqualTo("{\"event\":\"ENDED\",\"cause\":\"session-ended\"}");
		assertThat(two.await("ERROR").header("message")).isEqualTo("session-ended");
	}

	@Test
	void whoSubscribesAfterTheWarningHearsItToo() {
		Visitor visitor = visitor("quiet");
		Socket early = visitor.connect().subscribe("s", "/user/queue/session");
		Socket late = visitor.connect();
		early.awaitMessage("s", "EXPIRING");

		late.subscribe("s", "/user/queue/session");

		// The warning that all are told at that moment may be the first it hears.
		String first = late.awaitMessage("s").body();
		assertThat(first.matches(EXPIRING) ? late.awaitMessage("s").body() : first).contains("OPEN");
		assertThat(late.awaitMessage("s").body()).matches(EXPIRING);
	}

	@Test
	void theSessionIsLookedAtStartedExtendedRotatedAndEndedOverHttp() {
		Visitor visitor = visitor("life");

		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
		assertThat(visitor.get("/session").body()).contains("\"error\":\"no-session\"");
		assertThat(visitor.change("POST", "/session").statusCode()).isEqualTo(200);
		visitor.connect();
		HttpResponse<String> view = visitor.get("/session");
		assertThat(view.body())
			.containsPattern("\\{\"link\":\"[0-9a-f]{16}\",\"principal\":null,\"roles\":\\[],\"createdAt\":\"20.*Z\","
					+ "\"lastActivity\":\"20.*Z\",\"timeoutSeconds\":3,\"remainingSeconds\":[23],"
					+ "\"ageRemainingSeconds\":null,\"sockets\":1}");
		assertThat(view.body()).doesNotContain(visitor.sessionId().split("\\.")[0]);
		assertThat(visitor.change("DELETE", "/session").statusCode()).isEqualTo(204);
		assertThat(visitor.get("/session").statusCode()).isEqualTo(404);
	}

	private Visitor visitor(String context) {
		return new Visitor(this.container, context);
	}

	private static String linkOf(Visitor visitor) {
		HttpResponse<String> response = visitor.get("/session");
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body().replaceAll(".*\"link\":\"(\\w+)\".*", "$1");
	}

	private void every(Duration period, Runnable action) {
		this.clock.scheduleAtFixedRate(action, 0, period.toMillis(), TimeUnit.MILLISECONDS);
	}

	// Its last use was in between.
	private static void assertOnTime(Socket socket, long start, long connected) {
		assertThat(socket.awaitClose().after(start)).isGreaterThanOrEqualTo(TIMEOUT);
		assertThat(socket.awaitClose().after(connected))
			.isLessThanOrEqualTo(Standstills.addedTo(TIMEOUT.plusSeconds(1), connected));
	}

	private static void assertStaysOpen(Socket socket, Duration duration) {
		await().during(duration).atMost(duration.plusSeconds(2)).until(socket::isOpen);
	}

}
