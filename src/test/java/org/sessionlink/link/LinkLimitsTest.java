package org.sessionlink.link;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.Link.Added;

import static org.assertj.core.api.Assertions.assertThat;

class LinkLimitsTest {

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock,
			new LinkPolicy(null, Duration.ofMinutes(1), new LinkLimits(2, 2, 10, 20)));

	@Test
	void noMoreSocketsRegisterThanMayAndEachThatClosesMakesRoom() {
		Link link = open("one");
		FakeSocket first = new FakeSocket();
		link.add(first);
		link.add(new FakeSocket());

		assertThat(link.hasRoom()).isFalse();
		assertThat(link.add(new FakeSocket())).isEqualTo(Added.TOO_MANY);
		link.remove(first);
		link.remove(first);
		assertThat(link.hasRoom()).isTrue();
		assertThat(link.add(new FakeSocket())).isEqualTo(Added.OPEN);
		assertThat(link.add(new FakeSocket())).isEqualTo(Added.TOO_MANY);
	}

	@Test
	void socketsThatRegisterTogetherAreNoMoreThanMay() throws Exception {
		for (int round = 0; round < 500; round++) {
			Link link = open("key" + round);
			AtomicInteger open = new AtomicInteger();
			CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
			for (int i = 0; i < threads.length; i++) {
				threads[i] = CompletableFuture.runAsync(() -> {
					if (link.add(new FakeSocket()) == Added.OPEN) {
						open.incrementAndGet();
					}
				});
			}
			CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);

			assertThat(open.get()).isLessThanOrEqualTo(2);
			assertThat(link.sockets()).hasSize(open.get());
		}
	}

	@Test
	void noMoreLinksComeFromAnAddressThanMayAndEachThatEndsMakesRoom() {
		Link first = open("one");
		assertThat(first.comesFrom("10.0.0.1")).isTrue();
		assertThat(first.comesFrom("10.0.0.1")).as("a second socket").isTrue();
		assertThat(open("two").comesFrom("10.0.0.1")).isTrue();
		Link third = open("three");

		assertThat(third.comesFrom("10.0.0.1")).isFalse();
		assertThat(third.comesFrom("10.0.0.2")).isTrue();
		first.end(EndCause.ENDED);
		assertThat(open("four").comesFrom("10.0.0.1")).isTrue();
	}

	@Test
	void anAddressWithoutLinksIsForgotten() {
		Link link = open("one");
		link.comesFrom("10.0.0.1");

		link.end(EndCause.ENDED);
		link.comesFrom("10.0.0.1");

		assertThat(this.links.addresses()).isZero();
	}

	@Test
	void aLinkThatEndsWhileItsFirstHandshakeIsUnderWayLeavesNoAddress() throws Exception {
		for (int round = 0; round < 2_000; round++) {
			Link link = open("key" + round);
			CompletableFuture<Void> end = CompletableFuture.runAsync(() -> link.end(EndCause.ENDED));
			link.comesFrom("10.0.0." + round);
			end.get(10, TimeUnit.SECONDS);
		}

		assertThat(this.links.addresses()).isZero();
	}

	@Test
	void framesAreCountedAgainstTheClockOfTheLink() {
		Link link = open("one");

		assertThat(link.takeFrames(20)).isTrue();
		assertThat(link.takeFrames(1)).isFalse();
		this.clock.pass(Duration.ofSeconds(1));
		assertThat(link.takeFrames(10)).isTrue();
		assertThat(link.takeFrames(1)).isFalse();
	}

	@Test
	void zeroMeansNoLimit() {
		Link link = new Links(this.clock, LinkPolicy.DEFAULT).open("one", "id", Home.GONE);
		link.add(new FakeSocket());

		assertThat(link.hasRoom()).isTrue();
		assertThat(link.comesFrom("10.0.0.1")).isTrue();
		assertThat(link.takeFrames(1_000_000)).isTrue();
	}

	@Test
	void aBurstWithoutALimitHasNoRateEither() {
		LinkLimits limits = new LinkLimits(0, 0, 50, 0);

		Link link = new Links(this.clock, new LinkPolicy(null, Duration.ofMinutes(1), limits)).open("one", "id",
				Home.GONE);

		assertThat(link.takeFrames(1_000_000)).isTrue();
	}

	@Test
	void refusalsAreCountedByTheirReason() {
		this.links.refused(Refused.ORIGIN);
		open("one").refused(Refused.ORIGIN);

		assertThat(this.links.refusals()).containsEntry(Refused.ORIGIN, 2L).containsEntry(Refused.LOGIN, 0L);
	}

	private Link open(String key) {
		return this.links.open(key, "id", Home.GONE);
	}

}
