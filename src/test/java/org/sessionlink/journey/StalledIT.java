package org.sessionlink.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sessionlink.journey.square.Square;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B18, B36 and B37: peers that have stopped reading. */
@OnEveryContainer
@InPhase(Phase.TIME)
@Execution(ExecutionMode.CONCURRENT)
class StalledIT {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static final Duration TALK = Duration.ofNanos(200_000);

	private static final String FOXES = "🦊".repeat(10_000);

	/** So many are more than the machine's own buffers take. */
	private static final int MANY = 200;

	// Who is not closed for slowness can only be held up.
	private static final String PATIENT = "patient";

	private static final String IMPATIENT = "impatient";

	private static final String NEWS = "news";

	private final Container container;

	StalledIT(Container container) {
		this.container = container;
	}

	@BeforeAll
	static void deploy() {
		SharedContainers.deploy(StalledIT.class, Map.of(PATIENT, square("""
				sessionlink.limits.send-buffer=0
				sessionlink.limits.send-time=5m
				"""), IMPATIENT, square("sessionlink.limits.send-time=1s"), NEWS, square("""
				sessionlink.drop-oldest=/topic/**
				sessionlink.limits.send-buffer=64KB
				""")));
	}

	private static War square(String settings) {
		return War.embedding(Square.class.getPackage(),
				"sessionlink.heartbeat=0\nsessionlink.limits.frames-per-second=0\n" + settings);
	}

	@Test
	void theyHoldNobodyUp() {
		Visitor visitor = visitor(PATIENT);
		// More than threads may wait for.
		List<StalledPeer> stalled = IntStream.range(0, 20).mapToObj((i) -> stalled(visitor, "all")).toList();
		try {
			publish(visitor, "all");
		}
		finally {
			stalled.forEach(StalledPeer::close);
		}
	}

	@Test
	void aLogoutInOneTabClosesFiftyTabsWithinASecond() {
		Visitor visitor = visitor(PATIENT);
		List<StalledPeer> stalled = List.of(stalled(visitor, "logout"), stalled(visitor, "logout"));
		try {
			List<Socket> tabs = IntStream.range(0, 50).mapToObj((i) -> visitor.connect()).toList();
			publish(visitor(PATIENT), "logout");

			long start = System.nanoTime();
			assertThat(visitor.request("POST", "/logout").statusCode()).isEqualTo(200);

			assertThat(tabs).allSatisfy((tab) -> {
				assertThat(tab.awaitClose().reason()).isEqualTo("session-ended");
				assertThat(tab.awaitClose().after(start)).isLessThan(Standstills.addedTo(Duration.ofSeconds(1), start));
			});
		}
		finally {
			stalled.forEach(StalledPeer::close);
		}
	}

	@Test
	void oneThatNeverReadsAgainLosesItsConnectionWithItsSessionThoughItTalksOn() {
		Visitor visitor = visitor(PATIENT);
		try (StalledPeer stalled = stalled(visitor, "gone")) {
			publish(visitor(PATIENT), "gone");

			visitor.request("POST", "/logout");

			// Never silent for as long as any idle timeout.
			await().atMost(DEADLINE).pollDelay(Duration.ZERO).pollInterval(TALK).until(stalled::isRefused);
		}
	}

	@Test
	void aSlowOneIsClosedSoThatItComesBack() {
		Visitor visitor = visitor(IMPATIENT);
		int start = this.container.log().length();
		try (StalledPeer slow = stalled(visitor, "slow")) {
			Socket publisher = publish(visitor, "slow");

			await().atMost(DEADLINE).until(() -> {
				publisher.send("/app/say/slow", FOXES).awaitMessage("1");
				return this.container.log().substring(start).contains(" is closed: slow-consumer");
			});

			assertThat(slow.awaitEnd()).isIn("1013 slow-consumer", "reset");
			await().untilAsserted(() -> assertThat(this.container.log().substring(start))
				.containsPattern("event=close code=1013 cause=slow-consumer .* waiting=[1-9]\\d{3,} "));
			publisher.assertOpen();
		}
	}

	@Test
	void aSlowOneOfWhatMayBeMissedStaysOpenAndGetsTheNewest() {
		Visitor visitor = visitor(NEWS);
		try (StalledPeer slow = stalled(visitor, "news")) {
			publish(visitor, "news").send("/app/say/news", "the newest").awaitMessage("1", "the newest");

			List<Integer> read = Pattern.compile("#(\\d+)#")
				.matcher(slow.readUntil("the newest"))
				.results()
				.map((match) -> Integer.valueOf(match.group(1)))
				.toList();

			assertThat(read).isSorted().startsWith(0, 1, 2).endsWith(MANY - 1).hasSizeLessThan(MANY);
		}
	}

	private Visitor visitor(String context) {
		Visitor visitor = new Visitor(this.container, context);
		visitor.request("POST", "/session");
		return visitor;
	}

	private StalledPeer stalled(Visitor visitor, String place) {
		return StalledPeer.subscribed(visitor.url("/greeting"), visitor.sessionId(), "/topic/" + place);
	}

	// Once it has heard all, the peers have stopped the server's writing to them.
	private static Socket publish(Visitor visitor, String place) {
		Socket publisher = visitor.connect().subscribe("1", "/topic/" + place);
		for (int i = 0; i < MANY; i++) {
			publisher.send("/app/say/" + place, "#" + i + "#" + FOXES);
			assertThat(publisher.awaitMessage("1").body()).startsWith("#" + i + "#");
		}
		return publisher;
	}

}
