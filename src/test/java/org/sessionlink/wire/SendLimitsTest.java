package org.sessionlink.wire;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;

import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** B27, and fault 6: a peer is to blame only for what it was offered. */
class SendLimitsTest {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final int MOST = 10;

	private final FakeClock clock = new FakeClock();

	private final Backlog backlog = new Backlog(MOST);

	private final Pen pen = new Pen(new Pen.Hand() {

		@Override
		public void failed(Throwable error) {
			throw new IllegalStateException(error);
		}

		@Override
		public void laidDown() {
			// Nobody waits for it.
		}

	});

	private int looks;

	private final SendLimits limits = new SendLimits(this.clock, LIMIT, this.backlog, this.pen, () -> this.looks++);

	@Test
	void tooManyBytesAreNoFaultOfAPeerThatWasOfferedNothing() {
		waits(MOST, 1);
		this.clock.passUnnoticed(LIMIT);

		assertThat(this.limits.isOverBytes()).isFalse();
	}

	@Test
	void tooManyBytesAreTheFaultOfAPeerThatHasTakenNothingForASecond() {
		begin(message(1, false));
		waits(MOST, 1);
		this.clock.passUnnoticed(SendLimits.SLOW.minusNanos(1));
		assertThat(this.limits.isOverBytes()).isFalse();

		this.clock.passUnnoticed(Duration.ofNanos(1));

		assertThat(this.limits.isOverBytes()).isTrue();
	}

	@Test
	void asManyBytesAsMayWaitAreNobodysFault() {
		begin(message(1, false));
		waits(MOST);
		this.clock.passUnnoticed(LIMIT);

		assertThat(this.limits.isOverBytes()).isFalse();
	}

	@Test
	void farTooManyBytesAreTooManyAtOnce() {
		begin(message(1, false));

		waits(Backlog.FAR * MOST, 1);

		assertThat(this.limits.isOverBytes()).isTrue();
	}

	@Test
	void whatIsUnderWayForTooLongIsTheFaultOfThePeer() {
		begin(message(1, false));
		this.clock.passUnnoticed(LIMIT.minusNanos(1));
		assertThat(this.limits.isOverTime()).isFalse();

		this.clock.passUnnoticed(Duration.ofNanos(1));

		assertThat(this.limits.isOverTime()).isTrue();
	}

	@Test
	void aPingThatAPeerDoesNotTakeIsItsFaultThoughNothingWaitsBehindIt() {
		begin();
		this.clock.passUnnoticed(LIMIT.minusNanos(1));
		assertThat(this.limits.isOverTime()).isFalse();

		this.clock.passUnnoticed(Duration.ofNanos(1));

		assertThat(this.limits.isOverTime()).isTrue();
	}

	@Test
	void whatWaitsForTooLongBehindWhatMayBeMissedIsTheFaultOfThePeer() {
		begin(message(1, true));
		waits(1);
		this.clock.passUnnoticed(LIMIT);

		assertThat(this.limits.isOverTime()).isTrue();
	}

	@Test
	void theOldestUnderWayCountsThatMayNotBeMissed() {
		Outgoing missable = message(1, true);
		Outgoing old = message(1, false);
		this.clock.passUnnoticed(Duration.ofSeconds(4));
		begin(missable, old, message(1, false));
		this.clock.passUnnoticed(Duration.ofSeconds(6));

		assertThat(this.limits.isOverTime()).isTrue();
	}

	@Test
	void whatMayBeMissedIsNobodysFault() {
		begin(message(1, true));
		this.clock.passUnnoticed(LIMIT.multipliedBy(2));

		assertThat(this.limits.isOverTime()).isFalse();
	}

	@Test
	void whatHasWaitedForOurOwnThreadsIsNotTheFaultOfAPeerThatIsOfferedItJustNow() {
		Outgoing late = message(1, false);
		this.clock.passUnnoticed(LIMIT.multipliedBy(2));
		begin(late);
		assertThat(this.limits.isOverTime()).isFalse();
		this.clock.passUnnoticed(Duration.ofMillis(100).minusNanos(1));
		assertThat(this.limits.isOverTime()).isFalse();

		this.clock.passUnnoticed(Duration.ofNanos(1));

		assertThat(this.limits.isOverTime()).isTrue();
	}

	@Test
	void whatWaitsIsNotTheFaultOfAPeerThatIsOfferedNothing() {
		waits(1);
		this.clock.passUnnoticed(LIMIT.multipliedBy(2));

		assertThat(this.limits.isOverTime()).isFalse();
	}

	@Test
	void theTimeOfAnEarlierWriteIsNothingToALaterOne() {
		begin(message(1, false));
		this.clock.passUnnoticed(LIMIT);

		this.limits.begin(List.of());

		assertThat(this.limits.isOverTime()).isFalse();
	}

	@Test
	void theTimerLooksWhenTheOldestWillHaveWaitedTooLong() {
		begin(message(1, false));
		assertThat(this.clock.waiting()).isOne();
		this.limits.begin(List.of(message(1, false)));
		assertThat(this.clock.waiting()).isOne();

		this.clock.pass(LIMIT.minusNanos(1));
		assertThat(this.looks).isZero();
		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.looks).isOne();
	}

	@Test
	void aLookThatFindsNothingComesAgainWhenItMightAndNotAtOnce() {
		Outgoing old = message(1, false);
		this.clock.passUnnoticed(LIMIT.minusSeconds(4));
		begin(old);
		this.limits.stop();
		assertThat(this.limits.isOverTime()).isFalse();
		this.clock.pass(Duration.ofSeconds(4).minusNanos(1));
		assertThat(this.looks).isZero();
		this.clock.pass(Duration.ofNanos(1));
		assertThat(this.looks).isOne();

		this.limits.begin(List.of(old));
		this.limits.stop();
		assertThat(this.limits.isOverTime()).isFalse();
		this.clock.pass(Duration.ofMillis(100).minusNanos(1));
		assertThat(this.looks).isOne();
		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.looks).isEqualTo(2);
	}

	@Test
	void aTimerThatWasStoppedIsGoneAndMayBeStartedAgain() {
		begin(message(1, false));

		this.limits.stop();
		this.limits.stop();
		assertThat(this.clock.waiting()).isZero();
		this.limits.begin(List.of());

		assertThat(this.clock.waiting()).isOne();
	}

	@Test
	void withoutATimeThereIsNoTimer() {
		SendLimits none = new SendLimits(this.clock, Duration.ZERO, this.backlog, this.pen, () -> this.looks++);

		none.begin(List.of(message(1, false)));

		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void whatCanBeDoneWithoutIsRemovedOnceItHasWaitedTooLong() {
		this.backlog.add(message(1, true));
		this.clock.passUnnoticed(LIMIT.minusNanos(1));
		assertThat(this.limits.removeMissable()).isEmpty();

		this.clock.passUnnoticed(Duration.ofNanos(1));

		assertThat(this.limits.removeMissable()).hasSize(1);
	}

	private void begin(Outgoing... messages) {
		assertThat(this.pen.pickUp()).isNotEqualTo(Pen.TAKEN);
		this.limits.begin(List.of(messages));
	}

	private void waits(int... sizes) {
		for (int size : sizes) {
			this.backlog.add(message(size, false));
		}
	}

	private Outgoing message(int bytes, boolean mayMiss) {
		return new Outgoing(Payload.of(new TextMessage("")), bytes, mayMiss, () -> true, this.clock.nanoTime());
	}

}
