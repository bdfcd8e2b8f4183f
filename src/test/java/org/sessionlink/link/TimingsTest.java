package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B29: how long links take to end, and to be closed. */
class TimingsTest {

	private static final Duration TIMEOUT = Duration.ofMinutes(30);

	private final FakeClock clock = new FakeClock();

	private final List<String> told = new ArrayList<>();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link;

	TimingsTest() {
		this.links.timings((what, nanos) -> this.told.add(what + " " + TimeUnit.NANOSECONDS.toMillis(nanos)));
		this.link = this.links.open("key", "id", new FakeSession(TIMEOUT));
	}

	@Test
	void fromTheEndToTheLastSocketIsTakenOnce() {
		FakeSocket first = open("first");
		FakeSocket second = open("second");

		this.link.end(EndCause.KICKED);
		this.clock.pass(Duration.ofMillis(20));
		this.link.end(EndCause.ENDED);
		this.link.remove(first);
		assertThat(this.told).isEmpty();
		this.clock.pass(Duration.ofMillis(30));
		this.link.remove(second);
		this.link.remove(second);
		this.link.remove(first);

		assertThat(this.told).containsExactly("CLOSE 50");
	}

	@Test
	void aLinkWithoutSocketsTakesNoTimeToClose() {
		FakeSocket gone = open("gone");
		this.link.remove(gone);

		this.link.end(EndCause.KICKED);

		assertThat(this.told).isEmpty();
	}

	@Test
	void aSocketThatComesTooLateIsNoneThatCloses() {
		this.link.end(EndCause.KICKED);
		this.clock.pass(Duration.ofSeconds(5));

		assertThat(this.link.add(socket("late"))).isEqualTo(Link.Added.ENDED);

		assertThat(this.told).isEmpty();
	}

	@Test
	void anEndInTimeIsNotLate() {
		this.clock.pass(TIMEOUT);

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.told).containsExactly("EXPIRY_LATENESS 0");
	}

	@Test
	void howLateATimerIsIsTaken() {
		this.clock.passUnnoticed(TIMEOUT.plusMillis(700));
		this.clock.pass(Duration.ZERO);

		assertThat(this.told).containsExactly("EXPIRY_LATENESS 700");
	}

	@Test
	void aFrameThatComesBeforeTheTimerFindsTheSame() {
		this.clock.passUnnoticed(TIMEOUT.plusMillis(300));

		assertThat(this.link.endIfDue()).isTrue();
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(this.told).containsExactly("EXPIRY_LATENESS 300");
	}

	@Test
	void theGreatestAgeIsATimeLikeAnyOther() {
		Links aging = new Links(this.clock,
				new LinkPolicy(Duration.ofMinutes(10), Duration.ofMinutes(1), new LinkLimits(0, 0, 0, 0)));
		aging.timings((what, nanos) -> this.told.add(what + " " + TimeUnit.NANOSECONDS.toMillis(nanos)));
		Link old = aging.open("old", "id", new FakeSession(TIMEOUT));

		this.clock.passUnnoticed(Duration.ofMinutes(10).plusMillis(200));
		this.clock.pass(Duration.ZERO);

		assertThat(old.endCause()).isEqualTo(EndCause.MAX_AGE);
		assertThat(this.told).containsExactly("EXPIRY_LATENESS 200");
	}

	@Test
	void anEndThatSomebodyWantsIsNotLate() {
		this.link.end(EndCause.KICKED);

		assertThat(this.told).isEmpty();
	}

	private FakeSocket open(String id) {
		FakeSocket socket = socket(id);
		assertThat(this.link.add(socket)).isEqualTo(Link.Added.OPEN);
		return socket;
	}

	private FakeSocket socket(String id) {
		return new FakeSocket(id, new SocketLink(this.link));
	}

}
