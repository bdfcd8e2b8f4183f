package org.sessionlink.wire;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

class WaitingThreadTest {

	private final WaitingThread waiting = new WaitingThread();

	private final CountDownLatch peerReads = new CountDownLatch(1);

	@AfterEach
	void leaveNoInterruptBehind() {
		this.peerReads.countDown();
		Thread.interrupted();
	}

	@Test
	void nobodyWaitsWhereNobodyWrites() {
		assertThat(this.waiting.isWaiting()).isFalse();
	}

	@Test
	void aThreadThatIsParkedIsSeenToWaitAndThatIsRemembered() throws Exception {
		CompletableFuture<Boolean> writer = write(() -> awaitReader());

		await().until(this.waiting::isWaiting);
		this.peerReads.countDown();

		assertThat(writer.get(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.waiting.isWaiting()).isFalse();
	}

	@Test
	void aThreadThatWaitsForSomeTimeIsSeenToo() throws Exception {
		CompletableFuture<Boolean> writer = write(() -> {
			try {
				assertThat(this.peerReads.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
		});

		await().until(this.waiting::isWaiting);
		this.peerReads.countDown();

		assertThat(writer.get(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aThreadThatIsLateDoesNotWaitForThePeer() throws Exception {
		AtomicBoolean goOn = new AtomicBoolean();
		CountDownLatch writes = new CountDownLatch(1);
		CompletableFuture<Boolean> writer = write(() -> {
			writes.countDown();
			while (!goOn.get()) {
				Thread.onSpinWait();
			}
		});
		assertThat(writes.await(10, TimeUnit.SECONDS)).isTrue();

		boolean seen = this.waiting.isWaiting();
		goOn.set(true);

		assertThat(seen).isFalse();
		assertThat(writer.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void thatOneWriteHasWaitedIsNothingToTheNext() throws Exception {
		CompletableFuture<Boolean> writer = write(() -> awaitReader());
		await().until(this.waiting::isWaiting);
		this.peerReads.countDown();
		writer.get(10, TimeUnit.SECONDS);

		assertThat(this.waiting.during(() -> {
		})).isFalse();
	}

	@Test
	void aThreadThatWaitsIsFreed() {
		CompletableFuture<Boolean> writer = write(() -> awaitReader());
		await().until(this.waiting::isWaiting);

		this.waiting.free();

		assertThat(writer).failsWithin(10, TimeUnit.SECONDS).withThrowableOfType(Exception.class);
	}

	@Test
	void noInterruptHitsAThreadThatIsDone() throws Exception {
		this.waiting.during(() -> {
		});

		this.waiting.free();

		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void anInterruptThatComesWhileAThreadIsFinishingDoesNotLeaveWithIt() throws Exception {
		this.waiting.during(this.waiting::free);

		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void itDoesNotWhereTheWriteFailsEither() {
		assertThatIOException().isThrownBy(() -> this.waiting.during(() -> {
			this.waiting.free();
			throw new IOException("gone");
		}));

		assertThat(Thread.interrupted()).isFalse();
	}

	@Test
	void anInterruptOfSomebodyElseStays() throws Exception {
		this.waiting.during(Thread.currentThread()::interrupt);

		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void whoComesTooLateToBeFreedDoesNotBegin() {
		this.waiting.free();

		assertThatIOException().isThrownBy(() -> this.waiting.during(() -> {
			throw new IllegalStateException("It has begun");
		}));

		assertThat(Thread.interrupted()).isFalse();
		assertThat(this.waiting.isWaiting()).isFalse();
	}

	private void awaitReader() throws IOException {
		try {
			this.peerReads.await();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	private CompletableFuture<Boolean> write(WaitingThread.Writing writing) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return this.waiting.during(writing);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task).start());
	}

}
