package org.sessionlink.handling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Timings;

import static org.assertj.core.api.Assertions.assertThat;

class HandlingTimeTest {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final HandlingTime time = new HandlingTime(new SocketLink(this.links.open("key", "id", Home.GONE)));

	private final List<Duration> taken = new ArrayList<>();

	HandlingTimeTest() {
		this.links.timings((what, nanos) -> this.taken.add(Duration.ofNanos(nanos)));
	}

	@Test
	void whatAFrameWaitsForAThreadDoesNotCount() {
		this.time.begin(false);
		pass(3);
		this.time.stop(true);
		pass(1000);
		this.time.goOn();
		pass(20);
		this.time.stop(false);

		assertThat(this.taken).containsExactly(Duration.ofMillis(23));
	}

	@Test
	void aFrameThatIsNeverFinishedIsNotAddedToTheNext() {
		this.time.begin(false);
		pass(3);
		this.time.stop(true);

		this.time.begin(false);
		pass(4);
		this.time.stop(false);

		assertThat(this.taken).containsExactly(Duration.ofMillis(4));
	}

	@Test
	void aHeartbeatIsNoneOfThem() {
		this.time.begin(true);
		pass(3);
		this.time.stop(false);

		assertThat(this.taken).isEmpty();
	}

	@Test
	void aFrameThatBeginsWhenNobodyWantsToKnowIsNotTimedFromNowhere() {
		this.links.timings(Timings.NONE);
		this.time.begin(false);
		this.links.timings((what, nanos) -> this.taken.add(Duration.ofNanos(nanos)));
		pass(3);
		this.time.stop(false);

		assertThat(this.taken).isEmpty();
	}

	@Test
	void aSocketWithoutALinkTakesNoTime() {
		HandlingTime nobodys = new HandlingTime(null);

		nobodys.begin(false);
		nobodys.stop(false);

		assertThat(this.taken).isEmpty();
	}

	private void pass(int millis) {
		this.clock.pass(Duration.ofMillis(millis));
	}

}
