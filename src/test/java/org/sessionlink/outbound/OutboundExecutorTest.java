package org.sessionlink.outbound;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundExecutorTest {

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final OutboundExecutor executor = new OutboundExecutor(this.links, 3);

	private final CountDownLatch held = new CountDownLatch(1);

	private final List<String> done = new CopyOnWriteArrayList<>();

	OutboundExecutorTest() {
		this.executor.setCorePoolSize(1);
		this.executor.initialize();
	}

	@AfterEach
	void stop() {
		this.held.countDown();
		this.executor.shutdown();
	}

	@Test
	void whoPublishesMoreThanMayWaitDeliversItselfAndNothingIsLost() throws Exception {
		fill();

		this.executor.execute(() -> this.done.add(Thread.currentThread().getName()));

		assertThat(this.done).containsExactly(Thread.currentThread().getName());
		assertThat(this.links.refusals()).containsEntry(Refused.QUEUE_FULL, 1L);
		this.held.countDown();
		this.executor.initiateShutdown();
		assertThat(this.executor.getThreadPoolExecutor().awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.done).hasSize(4);
	}

	@Test
	void whatFollowsFromADeliveryIsNotDeliveredInsideIt() throws Exception {
		fill();

		this.executor.execute(() -> {
			this.executor.execute(() -> this.done.add("what follows"));
			this.done.add("delivery");
		});

		assertThat(this.done).containsExactly("delivery");
	}

	private void fill() throws InterruptedException {
		CountDownLatch busy = new CountDownLatch(1);
		this.executor.execute(() -> {
			busy.countDown();
			await(this.held);
		});
		assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
		for (int i = 0; i < 3; i++) {
			this.executor.execute(() -> this.done.add("waited"));
		}
		assertThat(this.done).isEmpty();
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
