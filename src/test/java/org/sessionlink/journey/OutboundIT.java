package org.sessionlink.journey;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B18, B27 and B36: peers that do not read, do not answer, or do not CONNECT. */
@OnEveryContainer
@Execution(ExecutionMode.CONCURRENT)
class OutboundIT {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static final String FOXES = "🦊".repeat(90);

	private static final int LAST = 15_000;

	private static final String GONE = """
			sessionlink.limits.send-buffer=0
			sessionlink.limits.send-time=5m
			sessionlink.heartbeat=0
			sessionlink.limits.frames-per-second=0
			""";

	private final Container container;

	OutboundIT(Container container) {
		this.container = container;
	}

	@Test
	void peersThatHaveStoppedReadingHoldNobodyUp() {
		// Who is not closed for slowness can only be held up.
		withinAlone("stalled", """
				sessionlink.limits.send-buffer=0
				sessionlink.limits.send-time=5m
				sessionlink.heartbeat=0
				sessionlink.limits.frames-per-second=0
				""", () -> {
			Visitor visitor = new Visitor(this.container, "stalled");
			visitor.change("POST", "/session");
			// More than threads may wait for.
			List<StalledPeer> stalled = stalled(20, "stalled", visitor);
			try {
				Socket publisher = visitor.connect().subscribe("1", "/topic/reply");

				// More than the machine's own buffers take.
				for (int i = 0; i < LAST; i++) {
					publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
					if (i % 50 == 49) {
						for (int heard = i - 49; heard <= i; heard++) {
							assertThat(publisher.awaitMessage("1").body()).contains("#" + heard + "#");
						}
					}
				}
			}
			finally {
				stalled.forEach(StalledPeer::close);
			}
		});
	}

	@Test
	void aBurstReachesThoseWhoReadInOrderAndClosesNobody() {
		withinAlone("burst", "sessionlink.limits.frames-per-second=0", () -> {
			Visitor visitor = new Visitor(this.container, "burst");
			Socket reader = visitor.connect().subscribe("1", "/topic/reply");
			Socket publisher = visitor.connect();

			for (int i = 0; i < 5000; i++) {
				publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
			}

			for (int i = 0; i < 5000; i++) {
				assertThat(reader.awaitMessage("1").body()).contains("#" + i + "#");
			}
		});
	}

	@Test
	void aSlowConsumerIsClosedSoThatItComesBackAndIsCounted() {
		withinAlone("slow", """
				sessionlink.limits.send-time=1s
				sessionlink.heartbeat=0
				sessionlink.limits.frames-per-second=0
				""", () -> {
			Visitor visitor = new Visitor(this.container, "slow");
			visitor.change("POST", "/session");
			try (StalledPeer slow = new StalledPeer(endpoint("slow"), visitor.sessionId())) {
				Socket publisher = visitor.connect().subscribe("1", "/topic/reply");
				String closed = " of session " + visitor.link() + " is closed: slow-consumer";

				await().atMost(DEADLINE).until(() -> {
					for (int i = 0; i < 500; i++) {
						publisher.send("/app/message", "{\"name\":\"" + FOXES + "\"}");
					}
					for (int i = 0; i < 500; i++) {
						publisher.awaitMessage("1");
					}
					return this.container.log().contains(closed);
				});

				assertThat(slow.awaitEnd()).isIn("1013 slow-consumer", "reset");
				publisher.assertOpen();
			}
		});
	}

	@Test
	void aPeerThatNeverReadsAgainLosesItsConnectionWithItsSession() {
		withinAlone("gone", GONE, () -> losesItsConnection());
	}

	private void losesItsConnection() {
		Visitor visitor = new Visitor(this.container, "gone");
		visitor.change("POST", "/session");
		try (StalledPeer stalled = new StalledPeer(endpoint("gone"), visitor.sessionId())) {
			Socket publisher = new Visitor(this.container, "gone").connect().subscribe("1", "/topic/reply");
			// More than the machine's own buffers take.
			for (int i = 0; i < LAST; i++) {
				publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
				if (i % 50 == 0) {
					publisher.awaitMessage("1", "#" + i + "#");
				}
			}

			visitor.change("DELETE", "/session");

			await().atMost(DEADLINE).until(stalled::isRefused);
		}
	}

	@Test
	void aPeerThatTalksOnAndDoesNotAnswerTheCloseLosesItsConnectionWithItsSession() {
		within("gone", GONE, () -> {
			Visitor visitor = new Visitor(this.container, "gone");
			visitor.change("POST", "/session");
			try (StalledPeer deaf = new StalledPeer(endpoint("gone"), visitor.sessionId())) {
				visitor.change("DELETE", "/session");

				await().atMost(DEADLINE).until(deaf::isRefused);
			}
		});
	}

	@Test
	void aSlowConsumerOfWhatMayBeMissedStaysOpenAndGetsTheNewest() {
		withinAlone("news", """
				sessionlink.drop-oldest=/topic/**
				sessionlink.limits.send-buffer=64KB
				sessionlink.heartbeat=0
				sessionlink.limits.frames-per-second=0
				""", () -> {
			Visitor visitor = new Visitor(this.container, "news");
			visitor.change("POST", "/session");
			try (StalledPeer slow = StalledPeer.withRoom(endpoint("news"), visitor.sessionId())) {
				Socket publisher = visitor.connect().subscribe("1", "/topic/reply");
				// More than the machine's own buffers take.
				for (int i = 0; i < LAST; i++) {
					publisher.send("/app/message", "{\"name\":\"" + FOXES + "#" + i + "#\"}");
					if (i % 50 == 0) {
						publisher.awaitMessage("1", "#" + i + "#");
					}
				}
				publisher.awaitMessage("1", "#" + (LAST - 1) + "#");
				publisher.send("/app/message", "{\"name\":\"the newest\"}").awaitMessage("1", "the newest");

				List<Integer> read = Pattern.compile("#(\\d+)#")
					.matcher(slow.readUntil("the newest"))
					.results()
					.map((match) -> Integer.valueOf(match.group(1)))
					.toList();

				assertThat(read).isSorted().startsWith(0, 1, 2).endsWith(LAST - 2, LAST - 1).hasSizeLessThan(LAST);
			}
		});
	}

	@Test
	void aSocketThatDoesNotConnectIsClosed() {
		within("late", "sessionlink.limits.connect-time=1s", () -> {
			Visitor visitor = new Visitor(this.container, "late");
			Socket connected = visitor.connect();
			Socket late = visitor.open("v12.stomp");

			Frame error = late.await("ERROR");
			Socket.Close close = late.awaitClose();

			assertThat(error.header("message")).isEqualTo("connect-timeout");
			assertThat(close.status()).isEqualTo(1008);
			assertThat(close.reason()).isEqualTo("connect-timeout");
			connected.assertOpen();
		});
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
		within("beats", "sessionlink.heartbeat=1s", () -> {
			this.container.awaitCalm();
			Visitor visitor = new Visitor(this.container, "beats");
			Socket quiet = visitor.connect();
			Socket beating = visitor.open("v12.stomp").send("CONNECT\naccept-version:1.2\nheart-beat:0,1000\n\n\0");
			beating.await("CONNECTED");
			int start = beating.heartbeats();

			for (int round = 0; round < 3; round++) {
				try (StalledPeer dead = new StalledPeer(endpoint("beats"), visitor.sessionId())) {
					long opened = System.nanoTime();
					assertThat(dead.awaitEnd()).isEqualTo("1013 heartbeat-timeout");
					// A second for the observer.
					assertThat(Duration.ofNanos(System.nanoTime() - opened)).isBetween(Duration.ofMillis(1500),
							Duration.ofMillis(3000));
				}
			}

			quiet.assertOpen();
			assertThat(beating.heartbeats()).isGreaterThan(start);
			beating.assertOpen();
			quiet.send("/app/message", "{\"name\":\"still here\"}");
		});
	}

	@Test
	void aClientThatPromisedHeartbeatsAndSendsNoneIsToldToComeBack() {
		within("beats", "sessionlink.heartbeat=1s", () -> {
			Socket broken = new Visitor(this.container, "beats").open("v12.stomp")
				.send("CONNECT\naccept-version:1.2\nheart-beat:1000,0\n\n\0");

			Socket.Close close = broken.awaitClose();

			assertThat(close.status()).isEqualTo(1013);
			assertThat(close.reason()).isEqualTo("heartbeat-timeout");
		});
	}

	private void within(String context, String settings, Runnable journey) {
		SharedContainers.deploy(War.withSettings(settings), context);
		journey.run();
	}

	// They publish as much as the machine can: one at a time.
	private void withinAlone(String context, String settings, Runnable journey) {
		within(context, settings, () -> {
			synchronized (OutboundIT.class) {
				journey.run();
			}
		});
	}

	private List<StalledPeer> stalled(int count, String context, Visitor visitor) {
		return IntStream.range(0, count)
			.mapToObj((i) -> new StalledPeer(endpoint(context), visitor.sessionId()))
			.toList();
	}

	private URI endpoint(String context) {
		return this.container.url(context, "/greeting");
	}

}
