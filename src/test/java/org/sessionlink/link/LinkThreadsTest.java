package org.sessionlink.link;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LinkThreadsTest {

	private final LinkThreads threads = new LinkThreads();

	private final CountDownLatch stalled = new CountDownLatch(1);

	@AfterEach
	void stop() {
		this.stalled.countDown();
		this.threads.close();
	}

	@Test
	void thirtyTasksThatStallDoNotHoldUpTheNext() throws Exception {
		IntStream.range(0, 30).forEach((i) -> this.threads.execute(Crew.CLOSING, this::stall));
		CountDownLatch next = new CountDownLatch(1);

		this.threads.execute(Crew.CLOSING, next::countDown);

		assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whatOneCrewWaitsForHoldsNoOtherUp() throws Exception {
		IntStream.range(0, 1000).forEach((i) -> this.threads.execute(Crew.WRITING, this::stall));
		CountDownLatch others = new CountDownLatch(Crew.values().length - 1);

		EnumSet.complementOf(EnumSet.of(Crew.WRITING)).forEach((crew) -> this.threads.execute(crew, others::countDown));

		assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void moreTasksThanThreadsWaitAndAreDone() throws Exception {
		CountDownLatch done = new CountDownLatch(10_000);

		IntStream.range(0, 10_000).forEach((i) -> this.threads.execute(Crew.CLOSING, done::countDown));

		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void tasksWithoutDelayKeepTheirOrder() {
		List<Integer> heard = new CopyOnWriteArrayList<>();

		IntStream.range(0, 1000).forEach((i) -> this.threads.schedule(() -> heard.add(i), Duration.ZERO));

		await().untilAsserted(() -> assertThat(heard).hasSize(1000));
		assertThat(heard).isSorted();
	}

	@Test
	void aTaskThatFailsStopsNeitherTimerNorWorkers() throws Exception {
		CountDownLatch next = new CountDownLatch(2);

		this.threads.schedule(LinkThreadsTest::fail, Duration.ZERO);
		this.threads.execute(Crew.CLOSING, LinkThreadsTest::fail);
		this.threads.schedule(next::countDown, Duration.ZERO);
		this.threads.execute(Crew.CLOSING, next::countDown);

		assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aTimerThatIsCancelledIsGoneAtOnce() {
		Future<?> timer = this.threads.schedule(LinkThreadsTest::fail, Duration.ofDays(1));

		timer.cancel(false);

		assertThat(this.threads.waiting()).isZero();
	}

	@Test
	void afterTheStopNothingRunsAndNobodyIsBothered() {
		this.threads.close();

		this.threads.execute(Crew.CLOSING, LinkThreadsTest::fail);
		this.threads.schedule(LinkThreadsTest::fail, Duration.ZERO);

		assertThat(this.threads.waiting()).isZero();
	}

	private static void fail() {
		throw new IllegalStateException("on purpose");
	}

	private void stall() {
		try {
			this.stalled.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
