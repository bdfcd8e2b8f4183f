package org.sessionlink.link;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.Deadlines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

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
	void oneOwnerGetsItsShareAndOthersTheRest() throws Exception {
		IntStream.range(0, 15)
			.forEach((owner) -> IntStream.range(0, 64)
				.forEach((i) -> this.threads.execute(Crew.CLOSING, owner, this::stall)));
		CountDownLatch others = new CountDownLatch(64);

		IntStream.range(0, 64).forEach((i) -> this.threads.execute(Crew.CLOSING, "other", others::countDown));

		assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.threads.waiting()).as("what waits behind its own owner").isEqualTo(15 * (64 - 16));
	}

	@Test
	void whereAllThreadsAreTakenOwnersTakeTurns() throws Exception {
		Semaphore stalls = new Semaphore(0);
		IntStream.range(0, 16)
			.forEach((owner) -> IntStream.range(0, 64)
				.forEach((i) -> this.threads.execute(Crew.CLOSING, owner, stalls::acquireUninterruptibly)));
		Awaitility.await().until(stalls::getQueueLength, (length) -> length == CrewThreads.THREADS);
		CountDownLatch other = new CountDownLatch(1);
		this.threads.execute(Crew.CLOSING, "other", other::countDown);

		stalls.release();

		assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
		stalls.release(Integer.MAX_VALUE / 2);
	}

	@Test
	void noMoreThreadsThanMayBeAreTakenHoweverManyWait() {
		AtomicInteger running = new AtomicInteger();
		IntStream.range(0, 300).forEach((i) -> this.threads.execute(Crew.CLOSING, () -> {
			running.incrementAndGet();
			stall();
		}));

		Awaitility.await().untilAtomic(running, is(256));
		assertThat(this.threads.waiting()).isEqualTo(300 - 256);
		this.stalled.countDown();
		Awaitility.await().untilAtomic(running, is(300));
	}

	@Test
	void theTasksOfOneOwnerStartInTheirOrderAndWhereItsShareIsOneNeverTogether() {
		List<Integer> done = new CopyOnWriteArrayList<>();
		AtomicInteger inside = new AtomicInteger();
		IntStream.range(0, 2_000).forEach((i) -> this.threads.execute(Crew.TELLING, "owner", () -> {
			done.add((inside.getAndIncrement() == 0) ? i : -1);
			Thread.yield();
			inside.decrementAndGet();
		}));

		Awaitility.await().untilAsserted(() -> assertThat(done).hasSize(2_000));
		assertThat(done).isSorted().doesNotContain(-1);
	}

	@Test
	void errorsCostTheTasksThatThrowThemAndNoMore() throws Exception {
		CountDownLatch next = new CountDownLatch(300);
		IntStream.range(0, 300).forEach((i) -> {
			this.threads.execute(Crew.WRITING, "owner", LinkThreadsTest::failBadly);
			this.threads.execute(Crew.WRITING, "owner", next::countDown);
		});
		this.threads.schedule(LinkThreadsTest::failBadly, Duration.ZERO);
		CountDownLatch timer = new CountDownLatch(1);
		this.threads.schedule(timer::countDown, Duration.ZERO);

		assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(timer.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void anInterruptThatATaskLeavesBehindIsNothingToTheNext() throws Exception {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		CountDownLatch bothWait = new CountDownLatch(1);
		this.threads.execute(Crew.TELLING, "owner", () -> {
			await(bothWait);
			Thread.currentThread().interrupt();
		});
		this.threads.execute(Crew.TELLING, "owner", () -> interrupted.complete(Thread.currentThread().isInterrupted()));
		bothWait.countDown();

		assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void threadsHaveTheNameOfTheirCrewAndKeepNoProcessAlive() throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<Thread> timer = new CompletableFuture<>();

		this.threads.execute(Crew.PINGING, () -> thread.complete(Thread.currentThread()));
		this.threads.schedule(() -> timer.complete(Thread.currentThread()), Duration.ZERO);

		assertThat(List.of(thread.get(10, TimeUnit.SECONDS), timer.get(10, TimeUnit.SECONDS)))
			.allMatch(Thread::isDaemon)
			.extracting(Thread::getName)
			.containsExactly("sessionlink-pinging-1", "sessionlink-timer-1");
	}

	@Test
	void whatWasHandedOverBeforeTheStopIsDoneAndWhatIsStuckIsInterrupted() {
		AtomicInteger done = new AtomicInteger();
		IntStream.range(0, 100).forEach((i) -> this.threads.execute(Crew.ENDING, "owner", done::incrementAndGet));
		CompletableFuture<Boolean> stuck = new CompletableFuture<>();
		this.threads.execute(Crew.CLOSING, "owner", () -> {
			stall();
			stuck.complete(Thread.currentThread().isInterrupted());
		});

		this.threads.close();

		assertThat(done).hasValue(100);
		assertThat(stuck.orTimeout(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS).join()).isTrue();
	}

	@Test
	void whatStillWaitsBehindAStuckTaskWhenTheMomentIsOverIsDropped() {
		AtomicInteger done = new AtomicInteger();
		this.threads.execute(Crew.ENDING, "owner", this::stall);
		this.threads.execute(Crew.ENDING, "owner", done::incrementAndGet);

		this.threads.close();

		Awaitility.await().until(() -> this.threads.waiting() == 0);
		assertThat(done).hasValue(0);
	}

	@Test
	void whoIsInterruptedWhileTheyStopItStopsItAtOnceAndStaysInterrupted() {
		this.threads.execute(Crew.ENDING, this::stall);

		Thread.currentThread().interrupt();
		this.threads.close();

		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void anOwnerWhoseLastTaskIsDoneIsForgotten() throws Exception {
		WeakReference<Object> owner = someOwnerWhoseTaskIsDone();

		Awaitility.await().until(() -> {
			System.gc();
			return owner.refersTo(null);
		});
	}

	private WeakReference<Object> someOwnerWhoseTaskIsDone() throws Exception {
		Object owner = new Object();
		CountDownLatch done = new CountDownLatch(1);
		this.threads.execute(Crew.CLOSING, owner, done::countDown);
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		return new WeakReference<>(owner);
	}

	@Test
	void tasksWithoutDelayKeepTheirOrder() {
		List<Integer> heard = new CopyOnWriteArrayList<>();

		IntStream.range(0, 1000).forEach((i) -> this.threads.schedule(() -> heard.add(i), Duration.ZERO));

		Awaitility.await().untilAsserted(() -> assertThat(heard).hasSize(1000));
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

	private static void failBadly() {
		throw new StackOverflowError("on purpose");
	}

	private void stall() {
		await(this.stalled);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
