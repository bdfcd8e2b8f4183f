package org.sessionlink.journey;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B18, B27 and B36: peers that do not answer, do not beat, or do not CONNECT. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class OutboundIT {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static final String FOXES = "🦊".repeat(90);

	// Whoever neither reads nor answers stays until its session ends.
	private static final String PATIENT = "unlimited";

	private static final String LATE = "late";

	private static final String BEATING = "beating-fast";

	private final Container container;

	OutboundIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(OutboundIT.class,
				Map.of(PATIENT, War.withSettings("sessionlink.heartbeat=0\nsessionlink.limits.frames-per-second=0"),
						LATE, War.withSettings("sessionlink.limits.connect-time=5s"), BEATING,
						War.withSettings("sessionlink.heartbeat=1s")));
	}

	@Test
	void aBurstReachesThoseWhoReadInOrderAndClosesNobody() {
		Visitor visitor = new Visitor(this.container, PATIENT);
		Socket reader = visitor.connect().subscribe("1", "/topic/reply");
		Socket publisher = visitor.connect();

		for (int i = 0; i < 5000; i++) {
			publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
		}

		for (int i = 0; i < 5000; i++) {
			assertThat(reader.awaitMessage("1").body()).contains("#" + i + "#");
		}
	}

	@Test
	void aPeerThatTalksOnAndDoesNotAnswerTheCloseLosesItsConnectionWithItsSession() {
		Visitor visitor = new Visitor(this.container, PATIENT);
		visitor.change("POST", "/session");
		try (StalledPeer deaf = new StalledPeer(endpoint(PATIENT), visitor.sessionId())) {
			visitor.change("DELETE", "/session");

			await().atMost(DEADLINE).until(deaf::isRefused);
		}
	}

	@Test
	void aSocketThatDoesNotConnectIsClosed() {
		Visitor visitor = new Visitor(this.container, LATE);
		Socket connected = visitor.connect();
		Socket late = visitor.open("v12.stomp");

		Frame error = late.await("ERROR");
		Socket.Close close = late.awaitClose();

		assertThat(error.header("message")).isEqualTo("connect-timeout");
		assertThat(close.status()).isEqualTo(1008);
		assertThat(close.reason()).isEqualTo("connect-timeout");
		connected.assertOpen();
	}

	@Test
	void heartbeatsAreTenSecondsBothWaysByDefault() {
		Socket socket = new Visitor(this.container).open("v12.stomp");

		socket.send("CONNECT\naccept-version:1.2\nheart-beat:1000,5000\n\n\0");

		assertThat(socket.await("CONNECTED").header("heart-beat")).isEqualTo("10000,10000");
		socket.close();
	}

	@Test
	void aPeerThatIsSilentForTwoHeartbeatsIsClosedAndOneThatAnswersPingsIsNot() {
		Visitor visitor = new Visitor(this.container, BEATING);
		Socket quiet = visitor.connect();
		Socket beating = visitor.open("v12.stomp").send("CONNECT\naccept-version:1.2\nheart-beat:0,1000\n\n\0");
		beating.await("CONNECTED");
		int start = beating.heartbeats();

		for (int round = 0; round < 3; round++) {
			try (StalledPeer dead = new StalledPeer(endpoint(BEATING), visitor.sessionId())) {
				long opened = System.nanoTime();
				assertThat(dead.awaitEnd()).isEqualTo("1013 heartbeat-timeout");
				// Two for an observer among many.
				assertThat(Duration.ofNanos(System.nanoTime() - opened)).isBetween(Duration.ofMillis(1500),
						Standstills.addedTo(Duration.ofSeconds(4), opened));
			}
		}

		quiet.assertOpen();
		assertThat(beating.heartbeats()).isGreaterThan(start);
		beating.assertOpen();
		quiet.send("/app/message", "{\"name\":\"still here\"}");
	}

	@Test
	void aClientThatPromisedHeartbeatsAndSendsNoneIsToldToComeBack() {
		Socket broken = new Visitor(this.container, BEATING).open("v12.stomp")
			.send("CONNECT\naccept-version:1.2\nheart-beat:1000,0\n\n\0");

		Socket.Close close = broken.awaitClose();

		assertThat(close.status()).isEqualTo(1013);
		assertThat(close.reason()).isEqualTo("heartbeat-timeout");
	}

	private URI endpoint(String context) {
		return this.container.url(context, "/greeting");
	}

}
