package org.sessionlink.link;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
		assertThat(link.hasRoom()).isTrue();
		link.remove(first);
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
	void noMoreLinksHaveSocketsFromAnAddressThanMayAndTheLastSocketThatClosesMakesRoom() {
		Link first = open("one");
		FakeSocket socket = new FakeSocket("10.0.0.1");
		FakeSocket second = new FakeSocket("10.0.0.1");
		assertThat(first.add(socket)).isEqualTo(Added.OPEN);
		assertThat(first.add(second)).isEqualTo(Added.OPEN);
		assertThat(open("two").add(new FakeSocket("10.0.0.1"))).isEqualTo(Added.OPEN);
		Link third = open("three");

		assertThat(third.mayComeFrom("10.0.0.1")).isFalse();
		assertThat(this.links.haveRoomFor("10.0.0.1")).isFalse();
		assertThat(third.add(new FakeSocket("10.0.0.1"))).isEqualTo(Added.TOO_MANY_LINKS);
		assertThat(third.sockets()).isEmpty();
		assertThat(third.mayComeFrom("10.0.0.2")).isTrue();
		first.remove(socket);
		first.remove(socket);
		assertThat(third.mayComeFrom("10.0.0.1")).isFalse();
		first.remove(second);
		assertThat(third.mayComeFrom("10.0.0.1")).isTrue();
		assertThat(third.add(new FakeSocket("10.0.0.1"))).isEqualTo(Added.OPEN);
	}

	@Test
	void aSocketThatIsTurnedAwayForItsAddressTakesNoRoomInItsLink() {
		open("one").add(new FakeSocket("10.0.0.1"));
		open("two").add(new FakeSocket("10.0.0.1"));
		Link third = open("three");

		third.add(new FakeSocket("10.0.0.1"));
		third.add(new FakeSocket("10.0.0.1"));

		assertThat(third.hasRoom()).isTrue();
	}

	@Test
	void aSocketThatIsTurnedAwayForItsLinkIsNotCountedForItsAddress() {
		Link link = open("one");
		List<FakeSocket> sockets = List.of(new FakeSocket("10.0.0.1"), new FakeSocket("10.0.0.1"));
		sockets.forEach(link::add);

		link.add(new FakeSocket("10.0.0.1"));
		sockets.forEach(link::remove);

		assertThat(this.links.addresses()).isZero();
		assertThat(link.remoteAddress()).isNull();
	}

	@Test
	void thereIsRoomForAnAddressUntilAsManyLinksComeFromItAsMay() {
		open("one").add(new FakeSocket("10.0.0.1"));
		assertThat(this.links.haveRoomFor("10.0.0.1")).isTrue();
		assertThat(this.links.addresses()).isOne();

		open("two").add(new FakeSocket("10.0.0.1"));

		assertThat(this.links.haveRoomFor("10.0.0.1")).isFalse();
		assertThat(this.links.addresses()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "0, 20", "10, 0", "0, 0" })
	void whereEitherNumberOfFramesIsZeroAnyNumberMayCome(int perSecond, int burst) {
		Links unlimited = new Links(this.clock,
				new LinkPolicy(null, Duration.ofMinutes(1), new LinkLimits(0, 0, perSecond, burst)));

		assertThat(unlimited.open("key", "id", Home.GONE).takeFrames(1_000_000)).isTrue();
	}

	@Test
	void eachReasonHasACodeOfItsOwnThatGoesOverTheWire() {
		assertThat(Refused.values()).extracting(Refused::code)
			.allMatch((code) -> code.matches("[a-z]+(-[a-z]+)*"))
			.doesNotHaveDuplicates();
	}

	@Test
	void aLinkIsCountedForTheAddressOfItsFirstOpenSocket() {
		Link link = open("one");
		FakeSocket socket = new FakeSocket("10.0.0.1");
		link.add(socket);
		assertThat(link.remoteAddress()).isEqualTo("10.0.0.1");

		link.remove(socket);

		assertThat(link.remoteAddress()).isNull();
		assertThat(this.links.addresses()).isZero();
	}

	@Test
	void aLinkThatHasEndedCountsNoSocketThatIsLate() {
		Link link = open("one");
		link.end(EndCause.ENDED);

		assertThat(link.add(new FakeSocket("10.0.0.1"))).isEqualTo(Added.ENDED);

		assertThat(this.links.addresses()).isZero();
	}

	@Test
	void aLinkThatEndsWhileItsFirstSocketOpensLeavesNoAddress() throws Exception {
		for (int round = 0; round < 2_000; round++) {
			Link link = open("key" + round);
			FakeSocket socket = new FakeSocket("10.0.0." + round);
			CompletableFuture<Void> end = CompletableFuture.runAsync(() -> link.end(EndCause.ENDED));
			link.add(socket);
			end.get(10, TimeUnit.SECONDS);
			link.remove(socket);
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
		assertThat(link.mayComeFrom("10.0.0.1")).isTrue();
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
