package org.sessionlink.handling;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.RecordedLog;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerThreadsTest {

	private final StaticApplicationContext context = new StaticApplicationContext();

	private final CountDownLatch held = new CountDownLatch(1);

	private final List<String> done = new CopyOnWriteArrayList<>();

	private HandlerThreads threads = threads(Duration.ofSeconds(10));

	@AfterEach
	void stop() {
		this.held.countDown();
		this.threads.destroy();
	}

	@Test
	void moreThanMayWaitAreRefused() throws Exception {
		hold();

		assertThat(this.threads.run(task("one"))).isTrue();
		assertThat(this.threads.run(task("two"))).isTrue();
		assertThat(this.threads.run(task("three"))).isFalse();
		assertThat(this.threads.runIfRoom(task("three"))).isFalse();
	}

	@Test
	void whoLeavesTheLineMakesRoomAndIsNotCalled() throws Exception {
		hold();
		HandlerThreads.Task one = task("one");
		this.threads.run(one);
		this.threads.run(task("two"));

		this.threads.remove(one);
		assertThat(this.threads.run(task("three"))).isTrue();
		this.held.countDown();
		this.threads.destroy();

		assertThat(this.done).containsExactly("held", "two", "three");
	}

	@Test
	void aTaskThatFailsCostsNobodyElseAThread() throws Exception {
		hold();
		this.threads.run(task(() -> {
			throw new StackOverflowError("as of a defect");
		}));
		this.threads.run(task("next"));

		this.held.countDown();
		this.threads.destroy();

		assertThat(this.done).containsExactly("held", "next");
	}

	@Test
	void whatComesWhenNobodyWaitsHasAThreadAtOnceThoughOthersAreBusy() throws Exception {
		this.threads = new HandlerThreads(this.context, 1, Duration.ofSeconds(10), 2);
		hold();
		CountDownLatch second = new CountDownLatch(1);

		assertThat(this.threads.run(task(second::countDown))).isTrue();

		assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void anyNumberMayWaitWhereThereIsNoLimit() throws Exception {
		this.threads = new HandlerThreads(this.context, 0, Duration.ofSeconds(10), 1);
		hold();

		for (int i = 0; i < 1_000; i++) {
			assertThat(this.threads.run(task("task " + i))).isTrue();
		}
	}

	@Test
	void thatNoMoreMayWaitIsSaidOnceInAWhile() throws Exception {
		hold();
		this.threads.run(task("one"));
		this.threads.run(task("two"));

		try (RecordedLog log = RecordedLog.of(HandlerThreads.class)) {
			this.threads.run(task("three"));
			this.threads.run(task("four"));

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("WARN 2 sockets wait for a thread, as many as may");
		}
	}

	@Test
	void theThreadsAreNamedAreDaemonsAndKnowTheApplicationsClassesOnly() throws Exception {
		InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
		user.set("ada");
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		CompletableFuture<String> inherited = new CompletableFuture<>();

		this.threads.run(task(() -> {
			inherited.complete(String.valueOf(user.get()));
			thread.complete(Thread.currentThread());
		}));

		assertThat(thread.get(10, TimeUnit.SECONDS).getName()).isEqualTo("sessionlink-handler-1");
		assertThat(thread.get().isDaemon()).isTrue();
		assertThat(thread.get().getContextClassLoader()).isSameAs(this.context.getClassLoader());
		assertThat(inherited.get(10, TimeUnit.SECONDS)).isEqualTo("null");
	}

	@Test
	void whatIsQueuedIsDoneBeforeTheContextCloses() throws Exception {
		hold();
		this.threads.run(task("one"));
		this.threads.run(task("two"));
		this.threads.onApplicationEvent(new ContextClosedEvent(new StaticApplicationContext()));
		assertThat(this.threads.run(task("more than wait"))).as("the context of somebody else").isFalse();

		CompletableFuture<Void> closing = CompletableFuture
			.runAsync(() -> this.threads.onApplicationEvent(new ContextClosedEvent(this.context)));
		this.held.countDown();
		closing.get(10, TimeUnit.SECONDS);

		assertThat(this.done).containsExactly("held", "one", "two");
		assertThat(this.threads.isStopping()).isTrue();
		assertThat(this.threads.isStopped()).isFalse();
		assertThat(this.threads.run(task("late"))).isFalse();
	}

	@Test
	void whatTakesLongerThanTheMomentIsInterruptedAndTheRestIsTold() throws Exception {
		this.threads = threads(Duration.ofMillis(50));
		hold();
		this.threads.run(task("one"));
		this.threads.run(task("two"));

		this.threads.onApplicationEvent(new ContextClosedEvent(this.context));

		assertThat(this.threads.isStopped()).isTrue();
		assertThat(this.done).contains("one dropped", "two dropped").doesNotContain("one", "two", "held");
	}

	private HandlerThreads threads(Duration moment) {
		return new HandlerThreads(this.context, 2, moment, 1);
	}

	private void hold() throws InterruptedException {
		CountDownLatch busy = new CountDownLatch(1);
		this.threads.run(task(() -> {
			busy.countDown();
			try {
				this.held.await();
				this.done.add("held");
			}
			catch (InterruptedException ex) {
				this.done.add("interrupted");
			}
		}));
		assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private HandlerThreads.Task task(String name) {
		return new HandlerThreads.Task() {

			@Override
			public void run() {
				HandlerThreadsTest.this.done.add(name);
			}

			@Override
			public void drop() {
				HandlerThreadsTest.this.done.add(name + " dropped");
			}

		};
	}

	private static HandlerThreads.Task task(Runnable work) {
		return new HandlerThreads.Task() {

			@Override
			public void run() {
				work.run();
			}

			@Override
			public void drop() {
				throw new IllegalStateException("It is under way");
			}

		};
	}

}
