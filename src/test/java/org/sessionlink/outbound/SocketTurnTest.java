package org.sessionlink.outbound;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SocketTurnTest {

	private final SocketTurn turn = new SocketTurn();

	private final List<String> order = Collections.synchronizedList(new ArrayList<>());

	@Test
	void aTaskRunsAtOnceWhereNothingIsUnderWay() {
		this.turn.later(() -> this.order.add("task"));

		assertThat(this.order).containsExactly("task");
	}

	@Test
	void aTaskThatComesDuringAStepRunsBehindItAndHoldsNobodyUp() throws Exception {
		CountDownLatch inStep = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		CompletableFuture<Void> step = CompletableFuture.runAsync(() -> take(() -> {
			inStep.countDown();
			assertThat(goOn.await(10, TimeUnit.SECONDS)).isTrue();
			this.order.add("step");
		}));
		assertThat(inStep.await(10, TimeUnit.SECONDS)).isTrue();

		this.turn.later(() -> this.order.add("task"));
		assertThat(this.order).isEmpty();
		goOn.countDown();
		step.get(10, TimeUnit.SECONDS);

		assertThat(this.order).containsExactly("step", "task");
	}

	@Test
	void aTaskThatAStepAsksForItselfRunsBehindIt() throws Exception {
		this.turn.take(() -> {
			this.turn.later(() -> this.order.add("task"));
			this.order.add("step");
		});

		assertThat(this.order).containsExactly("step", "task");
	}

	@Test
	void aStepThatFailsDoesNotLoseWhatCameMeanwhile() {
		assertThatIllegalStateException().isThrownBy(() -> this.turn.take(() -> {
			this.turn.later(() -> this.order.add("task"));
			throw new IllegalStateException("failed");
		}));

		assertThat(this.order).containsExactly("task");
	}

	@Test
	void nothingHappensTwiceOrAtTheSameTimeOrNotAtAll() throws Exception {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger together = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		Runnable one = () -> {
			if (inside.incrementAndGet() > 1) {
				together.incrementAndGet();
			}
			done.incrementAndGet();
			inside.decrementAndGet();
		};

		CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
		for (int i = 0; i < threads.length; i++) {
			boolean steps = i % 2 == 0;
			threads[i] = CompletableFuture.runAsync(() -> {
				for (int k = 0; k < 20_000; k++) {
					if (steps) {
						take(one::run);
					}
					else {
						this.turn.later(one);
					}
				}
			});
		}
		CompletableFuture.allOf(threads).get(60, TimeUnit.SECONDS);

		assertThat(together).hasValue(0);
		assertThat(done).hasValue(80_000);
	}

	private void take(SocketTurn.Step step) {
		try {
			this.turn.take(step);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
