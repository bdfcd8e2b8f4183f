package org.sessionlink.link;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the timer does when others fail or are slow. */
class LinkTimerTest {

	private static final Duration TIMEOUT = Duration.ofMinutes(30);

	private final List<Runnable> handedOver = new ArrayList<>();

	private boolean failing;

	private final FakeClock clock = new FakeClock() {

		@Override
		public void execute(Crew crew, Runnable task) {
			if (LinkTimerTest.this.failing) {
				throw new OutOfMemoryError("on purpose");
			}
			LinkTimerTest.this.handedOver.add(task);
		}

	};

	private final FakeSession session = new FakeSession(TIMEOUT);

	private final Link link = new Links(this.clock, LinkPolicy.DEFAULT).open("key", "id", this.session);

	@Test
	void aTimerThatFailsIsSetAgain() {
		this.failing = true;
		this.clock.passUnnoticed(Duration.ofSeconds(1));
		this.link.active();

		assertThatThrownBy(() -> this.clock.pass(Duration.ofMinutes(2))).isInstanceOf(OutOfMemoryError.class);
		this.failing = false;
		this.clock.pass(TIMEOUT);

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aContainerThatIsSlowToBeTouchedIsNotTouchedAgainMeanwhile() {
		useFor(Duration.ofMinutes(10));
		assertThat(this.handedOver).hasSize(1);
		assertThat(this.session.touches).isZero();

		this.handedOver.remove(0).run();
		useFor(Duration.ofMinutes(2));

		assertThat(this.session.touches).isOne();
		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void aTouchThatFailsIsNotTheLast() {
		FakeSession broken = new FakeSession(TIMEOUT) {

			@Override
			public boolean touch() {
				super.touch();
				throw new StackOverflowError("on purpose");
			}

		};
		this.link.moveTo(broken, "id");
		useFor(Duration.ofMinutes(2));
		assertThatThrownBy(this.handedOver.remove(0)::run).isInstanceOf(StackOverflowError.class);

		useFor(Duration.ofMinutes(2));

		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void aTimeoutThatSomebodyHasChangedIsInForceWithTheNextTouch() {
		this.session.setTimeout(Duration.ofMinutes(5));
		useFor(Duration.ofMinutes(2));

		this.handedOver.remove(0).run();

		assertThat(this.link.timeout()).isEqualTo(Duration.ofMinutes(5));
		this.clock.pass(Duration.ofMinutes(5));
		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
	}

	@Test
	void aLinkWhoseContainerHearsNothingOfItsUseEndsWithItsSession() {
		this.session.hears = false;

		for (int second = 0; second < TIMEOUT.toSeconds() - 1; second++) {
			useFor(Duration.ofSeconds(1));
			touchNow();
		}
		assertThat(this.link.endCause()).isNull();
		this.clock.pass(Duration.ofSeconds(1));

		assertThat(this.link.endCause()).isEqualTo(EndCause.EXPIRED);
		assertThat(this.session.touches).isGreaterThan(20);
	}

	@Test
	void whatTheContainerDoesNotHearIsSaidOnceUntilItHearsAgain() {
		try (RecordedLog log = RecordedLog.of(LinkTimer.class)) {
			for (boolean hears : List.of(false, false, true, false)) {
				this.session.hears = hears;
				useFor(Duration.ofMinutes(2));
				touchNow();
			}

			assertThat(log.lines()).hasSize(2)
				.allSatisfy((line) -> assertThat(line).startsWith("WARN The container cannot be told")
					.contains(this.link.fingerprint())
					.doesNotContain("key"));
		}
	}

	@Test
	void aContainerThatHearsAgainOrGetsARequestKeepsTheSession() {
		this.session.hears = false;
		useFor(Duration.ofMinutes(20));
		touchNow();
		this.session.hears = true;
		useFor(Duration.ofMinutes(2));
		touchNow();
		useFor(Duration.ofMinutes(20));
		assertThat(this.link.endCause()).isNull();
		touchNow();

		this.session.hears = false;
		useFor(Duration.ofMinutes(20));
		touchNow();
		this.link.requestBegins(this);
		this.link.requestEnds(this);
		useFor(Duration.ofMinutes(20));

		assertThat(this.link.endCause()).isNull();
	}

	@Test
	void aTouchThatComesBehindTheEndIsLeftOut() {
		useFor(Duration.ofMinutes(2));
		this.link.end(EndCause.KICKED);

		this.handedOver.forEach(Runnable::run);

		assertThat(this.session.touches).isZero();
	}

	@Test
	void aLinkThatIsUsedWhileItsEndIsNearIsLookedAtAtOnceAndAnyOtherIsNot() {
		long waiting = this.clock.waiting();
		this.link.active();
		assertThat(this.clock.waiting()).isEqualTo(waiting);
		this.clock.pass(TIMEOUT.minusSeconds(30));
		assertThat(this.link.isExpiring()).isTrue();

		this.link.active();
		this.clock.pass(Duration.ZERO);

		assertThat(this.link.isExpiring()).isFalse();
	}

	@Test
	void aContainerIsNotToldOfALinkThatNobodyUses() {
		this.clock.pass(TIMEOUT.minusSeconds(90));

		assertThat(this.handedOver).isEmpty();
	}

	@Test
	void whoAsksForMoreTimeIsNewsForTheContainerAtOnce() {
		this.clock.pass(Duration.ofSeconds(90));

		this.link.extend();
		this.clock.pass(Duration.ZERO);

		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void whoAsksForMoreTimeAgainAndAgainIsNewsOnceAMinuteAndSetsOneTimer() {
		for (int second = 0; second < 150; second++) {
			this.clock.pass(Duration.ofSeconds(1));
			this.link.extend();
			this.handedOver.forEach(Runnable::run);
			this.handedOver.clear();
		}
		this.clock.pass(Duration.ZERO);

		assertThat(this.session.touches).isEqualTo(2);
		assertThat(this.clock.waiting()).isOne();
	}

	private void touchNow() {
		this.handedOver.forEach(Runnable::run);
		this.handedOver.clear();
	}

	private void useFor(Duration duration) {
		for (int second = 0; second < duration.toSeconds(); second++) {
			this.clock.pass(Duration.ofSeconds(1));
			this.link.active();
		}
	}

}
