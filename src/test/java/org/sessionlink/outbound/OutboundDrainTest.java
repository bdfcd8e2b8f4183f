package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;

import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundDrainTest {

	private static final Links NO_LINKS = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

	private final AtomicInteger sent = new AtomicInteger();

	OutboundDrainTest() {
		this.executor.setCorePoolSize(2);
		this.executor.initialize();
	}

	@Test
	void whatIsQueuedGoesOutBeforeTheSocketsAreClosed() {
		for (int i = 0; i < 10_000; i++) {
			this.executor.execute(this.sent::incrementAndGet);
		}

		new OutboundDrain(this.executor, NO_LINKS, Duration.ofSeconds(10)).stop();

		assertThat(this.sent).hasValue(10_000);
	}

	@Test
	void aStalledPeerHoldsTheStopUpNoLongerThanTheLimit() {
		CountDownLatch stalled = new CountDownLatch(1);
		this.executor.execute(() -> awaitForEver(stalled));
		this.executor.execute(this.sent::incrementAndGet);

		new OutboundDrain(this.executor, NO_LINKS, Duration.ofMillis(100)).stop();

		assertThat(stalled.getCount()).isOne();
		assertThat(this.sent).hasValue(1);
		stalled.countDown();
	}

	private static void awaitForEver(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
