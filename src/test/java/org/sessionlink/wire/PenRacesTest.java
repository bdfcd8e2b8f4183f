package org.sessionlink.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;
import org.sessionlink.link.Racing;

/**
 * What is written with a pen, in every order that threads can have: a model checker tries
 * them.
 */
class PenRacesTest {

	private static final int ORDERS = Often.times(250);

	@Test
	void whatTwoSendIsWrittenOneAfterTheOtherAndNothingStaysBehind() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Desk desk = new Desk(Desk::atOnce);

			Racing.together(() -> desk.send(1), () -> desk.send(2));

			desk.isAllWritten(2);
		});
	}

	@Test
	void aCompletionOnAnotherThreadComesBeforeOrAfterTheCallReturns() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Desk desk = new Desk(Desk::onAnotherThread);

			Racing.together(() -> desk.send(1), () -> desk.send(2));
			desk.joinContainer();

			desk.isAllWritten(2);
		});
	}

	@Test
	void aCompletionThatIsToldTwiceOnTwoThreadsLaysThePenDownOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Desk desk = new Desk(Desk::twice);

			Racing.together(() -> desk.send(1), () -> desk.send(2));
			desk.joinContainer();

			desk.isAllWritten(2);
		});
	}

	/** How a container says that something is written. */
	private interface Container {

		void completes(Desk desk, Consumer<@Nullable Throwable> written);

	}

	/** Writes what waits with a pen, as an outbox does it. */
	private static final class Desk implements Pen.Hand {

		private final Pen pen = new Pen(this);

		private final Queue<Integer> waiting = new ConcurrentLinkedQueue<>();

		private final List<Integer> written = new ArrayList<>();

		private final Queue<Thread> container = new ConcurrentLinkedQueue<>();

		private final AtomicInteger atOnce = new AtomicInteger();

		private final Container completion;

		Desk(Container completion) {
			this.completion = completion;
		}

		void send(int item) {
			this.waiting.add(item);
			advance();
		}

		private void advance() {
			boolean goOn = true;
			while (goOn && !this.waiting.isEmpty()) {
				long stroke = this.pen.pickUp();
				goOn = stroke != Pen.TAKEN && this.pen.draw(stroke, this::write);
			}
		}

		private void write(Consumer<@Nullable Throwable> done) {
			Integer next = this.waiting.poll();
			if (this.atOnce.incrementAndGet() != 1) {
				throw new AssertionError("Two write at the same time");
			}
			if (next != null) {
				this.written.add(next);
			}
			this.completion.completes(this, done);
		}

		void atOnce(Consumer<@Nullable Throwable> done) {
			this.atOnce.decrementAndGet();
			done.accept(null);
		}

		void onAnotherThread(Consumer<@Nullable Throwable> done) {
			onThread(() -> atOnce(done));
		}

		void twice(Consumer<@Nullable Throwable> done) {
			this.atOnce.decrementAndGet();
			onThread(() -> done.accept(null));
			onThread(() -> done.accept(null));
		}

		private void onThread(Runnable completion) {
			Thread thread = new Thread(completion);
			this.container.add(thread);
			thread.start();
		}

		void joinContainer() {
			for (Thread next = this.container.poll(); next != null; next = this.container.poll()) {
				Racing.join(next);
			}
		}

		@Override
		public void failed(Throwable error) {
			throw new AssertionError(error);
		}

		@Override
		public void laidDown() {
			advance();
		}

		void isAllWritten(int count) {
			if (!this.waiting.isEmpty() || this.written.size() != count || this.pen.isUp()) {
				throw new AssertionError("Written " + this.written + ", waiting " + this.waiting);
			}
		}

	}

}
