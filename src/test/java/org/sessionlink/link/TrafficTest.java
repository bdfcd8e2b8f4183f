package org.sessionlink.link;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** B23: what has gone through a socket, and through all of a link. */
class TrafficTest {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	@Test
	void framesAndBytesAreCountedBothWays() {
		Traffic traffic = new Traffic(this.clock);

		traffic.received(2, 30);
		traffic.received(1, 5);
		traffic.sent(1, 400);
		traffic.sent(3, 2);

		assertThat(traffic.sum()).isEqualTo(new TrafficSum(3, 35, 4, 402));
	}

	@Test
	void aHeartBeatIsASignOfLifeAndNoFrame() {
		Traffic traffic = new Traffic(this.clock);
		traffic.received(1, 10);
		this.clock.pass(Duration.ofSeconds(20));

		traffic.received(0, 1);
		this.clock.pass(Duration.ofSeconds(3));

		assertThat(traffic.silentFor()).isEqualTo(Duration.ofSeconds(3).toNanos());
		assertThat(traffic.lastFrameAgo()).isEqualTo(Duration.ofSeconds(23).toNanos());
		assertThat(traffic.sum()).isEqualTo(new TrafficSum(1, 11, 0, 0));
	}

	@Test
	void aLinkKeepsWhatWentThroughSocketsThatHaveClosed() {
		FakeSocket first = socket("first");
		FakeSocket second = socket("second");
		first.traffic().received(1, 10);
		second.traffic().sent(2, 20);
		this.clock.pass(Duration.ofSeconds(5));
		second.traffic().received(1, 1);

		this.link.remove(first);
		this.link.remove(first);
		this.link.remove(second);

		assertThat(this.link.traffic()).isEqualTo(new TrafficSum(2, 11, 2, 20));
		assertThat(this.link.lastFrame()).isZero();
	}

	@Test
	void aLinkKnowsWhenItsLastRequestWasAndItsLastFrame() {
		assertThat(this.link.lastRequest()).isNull();
		assertThat(this.link.lastFrame()).isNull();
		this.link.requestBegins("request");
		this.clock.pass(Duration.ofSeconds(2));
		assertThat(this.link.lastRequest()).isZero();
		this.link.requestEnds("request");
		this.clock.pass(Duration.ofSeconds(3));

		socket("one").traffic().received(1, 1);
		this.clock.pass(Duration.ofSeconds(4));

		assertThat(this.link.lastRequest()).isEqualTo(Duration.ofSeconds(7));
		assertThat(this.link.lastFrame()).isEqualTo(Duration.ofSeconds(4));
	}

	private FakeSocket socket(String id) {
		FakeSocket socket = new FakeSocket(id, new SocketLink(this.link));
		this.link.add(socket);
		return socket;
	}

}
