package org.sessionlink.wire;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;
import org.sessionlink.link.Racing;

/**
 * What is handed over to few threads, in every order that threads can have: a model
 * checker tries them.
 */
class HandOverRacesTest {

	private static final int ORDERS = Often.times(350);

	@Test
	void nothingIsLeftWithoutAThread() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Crew crew = new Crew(1);

			Racing.together(() -> crew.add(1), () -> crew.add(2));

			crew.isAllDone(2);
		});
	}

	@Test
	void nothingIsLeftWhileTheNumberOfThreadsChanges() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Crew crew = new Crew(0);

			Racing.together(() -> crew.add(1), () -> crew.allow(1));

			crew.isAllDone(1);
		});
	}

	@Test
	void nothingIsLeftWhereThreadsThatAreTooManyGo() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Crew crew = new Crew(2);

			Racing.together(() -> {
				crew.add(1);
				crew.add(2);
			}, () -> crew.allow(1));

			crew.isAllDone(2);
		});
	}

	/** Starts a thread each time that one is asked for. */
	private static final class Crew {

		private final HandOver<Integer> handOver;

		private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

		private final AtomicInteger done = new AtomicInteger();

		Crew(int allowed) {
			this.handOver = new HandOver<>(allowed);
		}

		void add(int item) {
			if (this.handOver.add(item)) {
				start();
			}
		}

		void allow(int most) {
			if (this.handOver.allow(most)) {
				start();
			}
		}

		private void start() {
			Thread thread = new Thread(() -> this.handOver.work((item) -> this.done.incrementAndGet()));
			this.threads.add(thread);
			thread.start();
		}

		void isAllDone(int count) {
			for (Thread next = this.threads.poll(); next != null; next = this.threads.poll()) {
				Racing.join(next);
			}
			if (this.done.get() != count || !this.handOver.isIdle()) {
				throw new AssertionError("Done: " + this.done.get() + " of " + count);
			}
		}

	}

}
