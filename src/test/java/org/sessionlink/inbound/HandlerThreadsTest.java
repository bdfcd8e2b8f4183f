package org.sessionlink.inbound;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerThreadsTest {

	private final StaticApplicationContext context = new StaticApplicationContext();

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final CountDownLatch held = new CountDownLatch(1);

	private final List<String> done = new CopyOnWriteArrayList<>();

	private HandlerThreads threads = threads(Duration.ofSeconds(10));

	@AfterEach
	void stop() {
		this.held.countDown();
		this.threads.destroy();
	}

	@Test
	void moreThanMayWaitAreRefusedAndCounted() throws Exception {
		hold();

		assertThat(this.threads.run(task("one"))).isTrue();
		assertThat(this.threads.run(task("two"))).isTrue();
		assertThat(this.threads.run(task("three"))).isFalse();
		assertThat(this.threads.runIfRoom(task("three"))).isFalse();

		assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 1L);
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
		assertThat(this.threads.isStopped()).isFalse();
		assertThat(this.threads.run(task("late"))).isFalse();
		assertThat(this.links.refusals().get(Refused.QUEUE_FULL)).isEqualTo(1);
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
		return new HandlerThreads(this.context, this.links, 2, moment, 1);
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
