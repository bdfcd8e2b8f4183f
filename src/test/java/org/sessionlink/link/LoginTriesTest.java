package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.RecordedLog;
import org.sessionlink.link.LoginTries.Outcome;

import static org.assertj.core.api.Assertions.assertThat;

class LoginTriesTest {

	private static final String HERE = "192.0.2.1";

	private static final String ELSEWHERE = "198.51.100.7";

	private final FakeClock clock = new FakeClock();

	private final AtomicInteger refused = new AtomicInteger();

	private final LoginTries tries = new LoginTries(this.clock, this.refused::incrementAndGet);

	@Test
	void afterFiveFailuresOfANameEachFurtherTryWaitsTwiceAsLongUpToThirtySeconds() {
		List<Long> waits = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			fail("ada", "10.0.0." + i);
			LoginTries.Try next = begin("ada", ELSEWHERE);
			waits.add(next.waitSeconds());
			next.end(Outcome.UNDECIDED);
			this.clock.pass(Duration.ofSeconds(next.waitSeconds()));
		}

		assertThat(waits).containsExactly(0L, 0L, 0L, 0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
		assertThat(this.refused).hasValue(8);
	}

	@Test
	void afterFiveFailuresFromAnAddressItWaitsWhateverTheName() {
		IntStream.range(0, 5).forEach((i) -> fail("name " + i, HERE));

		assertThat(begin("another", HERE).hasToWait()).isTrue();
		assertThat(begin("another", ELSEWHERE).hasToWait()).isFalse();
	}

	@Test
	void ofAnAddressOfIpv6TheNetworkCounts() {
		IntStream.range(0, 5).forEach((i) -> fail("name " + i, "2001:db8:1:2::" + i));

		assertThat(begin("another", "2001:db8:1:2:3::1").hasToWait()).isTrue();
		assertThat(begin("another", "2001:db8:1:3::1").hasToWait()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ADA", " ada", "ada ", "Ada" })
	void aNameIsTheSameHoweverItIsWritten(String written) {
		IntStream.range(0, 5).forEach((i) -> fail("ada", "10.0.0." + i));

		assertThat(begin(written, ELSEWHERE).hasToWait()).isTrue();
	}

	@Test
	void whoHasLoggedInFromTheirAddressIsNotHeldUpByStrangersElsewhere() {
		begin("ada", HERE).end(Outcome.KNOWN);
		IntStream.range(0, 50).forEach((i) -> {
			fail("ada", "10.0.0." + i);
			this.clock.pass(Duration.ofSeconds(30));
		});
		fail("ada", "10.0.1.1");

		assertThat(begin("ada", ELSEWHERE).hasToWait()).isTrue();
		assertThat(begin("ada", HERE).hasToWait()).isFalse();
	}

	@Test
	void whoGuessesFromThereWaitsToo() {
		begin("ada", HERE).end(Outcome.KNOWN);
		IntStream.range(0, 5).forEach((i) -> fail("ada", HERE));

		assertThat(begin("ada", HERE).hasToWait()).isTrue();
	}

	@Test
	void aSuccessForgetsTheFailuresOfTheName() {
		IntStream.range(0, 4).forEach((i) -> fail("ada", "10.0.0." + i));
		begin("ada", HERE).end(Outcome.KNOWN);
		IntStream.range(0, 4).forEach((i) -> fail("ada", "10.0.1." + i));

		assertThat(begin("ada", "10.0.2.1").hasToWait()).isFalse();
	}

	@Test
	void failuresAreForgottenAfterTenMinutes() {
		IntStream.range(0, 20).forEach((i) -> {
			fail("ada", HERE);
			this.clock.pass(Duration.ofSeconds(30));
		});

		this.clock.pass(Duration.ofMinutes(10));
		fail("ada", HERE);

		assertThat(begin("ada", HERE).hasToWait()).isFalse();
	}

	@Test
	void aTryThatNobodyDecidedCountsForNothing() {
		IntStream.range(0, 20).forEach((i) -> begin("ada", HERE).end(Outcome.UNDECIDED));

		assertThat(begin("ada", HERE).hasToWait()).isFalse();
	}

	@Test
	void whateverIsTriedWhileOneWaitsMakesItNoLonger() {
		IntStream.range(0, 5).forEach((i) -> fail("ada", HERE));
		IntStream.range(0, 100).forEach((i) -> assertThat(begin("ada", HERE).hasToWait()).isTrue());

		this.clock.pass(Duration.ofSeconds(1));

		assertThat(begin("ada", HERE).hasToWait()).isFalse();
	}

	@Test
	void aHundredAtOnceGuessNoMoreThanFiveTimes() throws Exception {
		AtomicInteger begun = new AtomicInteger();
		CountDownLatch allBegan = new CountDownLatch(100);
		ExecutorService threads = Executors.newFixedThreadPool(100);
		for (int i = 0; i < 100; i++) {
			String address = "10.0.0." + i;
			threads.execute(() -> {
				LoginTries.Try guess = begin("ada", address);
				allBegan.countDown();
				await(allBegan);
				begun.addAndGet(guess.hasToWait() ? 0 : 1);
				guess.end(Outcome.REFUSED);
			});
		}
		threads.shutdown();

		assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(begun).hasValue(5);
		assertThat(this.refused).hasValue(95);
		assertThat(begin("ada", ELSEWHERE).hasToWait()).isTrue();
	}

	@Test
	void manyMayLogInAtOnceFromAnOffice() {
		List<LoginTries.Try> begun = IntStream.range(0, 20).mapToObj((i) -> begin("name " + i, HERE)).toList();

		assertThat(begun).noneMatch(LoginTries.Try::hasToWait);
		LoginTries.Try next = begin("one more", HERE);
		assertThat(next.waitSeconds()).isEqualTo(1);
		begun.forEach((one) -> one.end(Outcome.KNOWN));
		assertThat(begin("one more", HERE).hasToWait()).isFalse();
	}

	@Test
	void allTabsOfSomebodyMayLogInAtOnceWhereThatIsWanted() {
		assertThat(IntStream.range(0, 64).mapToObj((i) -> this.tries.begin("ada", HERE, 64)))
			.noneMatch(LoginTries.Try::hasToWait);
		assertThat(this.tries.begin("ada", HERE, 64).hasToWait()).isTrue();
	}

	@Test
	void whoSaysNoNameIsCountedByAddressAlone() {
		IntStream.range(0, 5).forEach((i) -> fail("", HERE));

		assertThat(begin("", ELSEWHERE).hasToWait()).isFalse();
		assertThat(begin("", HERE).hasToWait()).isTrue();
	}

	@Test
	void afterAWaitOneTryComesAtATime() {
		IntStream.range(0, 5).forEach((i) -> fail("ada", HERE));
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(begin("ada", HERE).hasToWait()).isFalse();
		assertThat(begin("ada", HERE).hasToWait()).isTrue();
	}

	@Test
	void whatIsRememberedIsBounded() {
		IntStream.range(0, 10_001).forEach((i) -> fail("name " + i + "x".repeat(10_000), i + ".example"));

		assertThat(this.tries.remembered()).isLessThanOrEqualTo(20_000);
	}

	@Test
	void oneLineTellsOfAStreakAndNoNameIsInIt() {
		try (RecordedLog log = RecordedLog.of(LoginTries.class)) {
			IntStream.range(0, 9).forEach((i) -> {
				fail("ada", "10.0.0." + i);
				this.clock.pass(Duration.ofSeconds(30));
			});

			assertThat(log.lines()).singleElement().asString().startsWith("WARN ").doesNotContain("ada", "10.0");
		}
	}

	private LoginTries.Try begin(String name, String address) {
		return this.tries.begin(name, address, 5);
	}

	private void fail(String name, String address) {
		LoginTries.Try guess = begin(name, address);
		assertThat(guess.hasToWait()).isFalse();
		guess.end(Outcome.REFUSED);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(5, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
