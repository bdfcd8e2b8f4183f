package org.sessionlink.wire;

import java.util.function.BooleanSupplier;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.Counts;
import org.sessionlink.link.Traffic;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkThreads;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class WritersTest {

	private static final OutboxLimits NO_LIMITS = new OutboxLimits(0, Duration.ZERO);

	private final LinkThreads clock = new LinkThreads();

	private final Writers writers = new Writers(this.clock, 1);

	private final CountDownLatch peersRead = new CountDownLatch(1);

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicInteger broken = new AtomicInteger();

	private final Owner owner = new Owner();

	@AfterEach
	void stop() {
		this.peersRead.countDown();
		this.writers.close();
		this.clock.close();
	}

	@Test
	void aThreadThatWaitsForAPeerHoldsNobodyElseUp() throws Exception {
		stall(new StalledWire());
		await().until(() -> this.waiting.get() == 1);
		FreeWire free = new FreeWire();
		Outbox outbox = outbox(free);

		sendOneByOne(outbox, free);

		assertThat(this.waiting).hasValue(1);
	}

	@Test
	void soManyPeersThatDoNotReadThatNoThreadIsLeftToWaitForThemHoldNobodyUp() throws Exception {
		IntStream.range(0, Writers.MOST_WAITING + 50).forEach((i) -> stall(new StalledWire()));
		FreeWire free = new FreeWire();
		Outbox outbox = outbox(free);

		sendOneByOne(outbox, free);

		await().until(() -> this.waiting.get() == Writers.MOST_WAITING);
	}

	@Test
	void peersThatStopReadingAllAtOnceHoldTheOthersUpForFewLooksOnly() {
		FakeClock fake = new FakeClock();
		Writers few = new Writers(fake, 1);
		IntStream.range(0, Writers.MOST_WAITING).forEach((i) -> stall(new StalledWire(), few));
		int looks = 0;

		for (int seen = 0; seen < Writers.MOST_WAITING; looks++) {
			int before = seen;
			await().until(() -> this.waiting.get() > before);
			seen = this.waiting.get();
			fake.pass(Writers.STUCK.multipliedBy(2).plusNanos(1));
		}

		assertThat(looks).isLessThan(Writers.MOST_WAITING / 2);
		this.peersRead.countDown();
		few.close();
	}

	@Test
	void peersThatStopReadingAllAtOnceLetOneThreadWaitThoughTheyWouldForEachMessage() throws Exception {
		List<Outbox> stalled = IntStream.range(0, Writers.MOST_WAITING)
			.mapToObj((i) -> outbox(new StalledTomcatWire()))
			.toList();
		FreeWire free = new FreeWire();
		Outbox outbox = outbox(free);

		stalled.forEach((peer) -> send(peer, "never read"));
		send(outbox, "read");

		assertThat(free.read.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.waiting).hasValue(1);
	}

	private static void sendOneByOne(Outbox outbox, FreeWire wire) throws InterruptedException {
		for (int i = 0; i < 5000; i++) {
			String text = "read " + i;
			send(outbox, text);
			assertThat(wire.read.tryAcquire(10, TimeUnit.SECONDS)).as(text).isTrue();
			assertThat(wire.last).isEqualTo(text);
		}
	}

	@Test
	void whatManyThreadsSendToManyIsAllWrittenInOrder() {
		List<FreeWire> wires = IntStream.range(0, 20).mapToObj((i) -> new FreeWire()).toList();
		List<Outbox> outboxes = wires.stream().map(this::outbox).toList();

		CompletableFuture<?>[] senders = IntStream.range(0, 4).mapToObj((sender) -> CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 2000; i++) {
				for (Outbox outbox : outboxes) {
					send(outbox, sender + ":" + i);
				}
			}
		})).toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(senders).join();

		await().until(() -> outboxes.stream().noneMatch(Outbox::hasWork));
		for (FreeWire wire : wires) {
			for (int sender = 0; sender < 4; sender++) {
				String prefix = sender + ":";
				assertThat(wire.written.stream().filter((text) -> text.startsWith(prefix)))
					.containsExactlyElementsOf(IntStream.range(0, 2000).mapToObj((i) -> prefix + i).toList());
			}
		}
		await().until(this.writers::isIdle);
	}

	@Test
	void anErrorWhileOneSocketIsWrittenToClosesThatOneAndNoOther() throws Exception {
		for (int i = 0; i < 20; i++) {
			send(outbox(new BrokenWire()), "never written");
		}
		FreeWire free = new FreeWire();
		Outbox outbox = outbox(free);

		sendOneByOne(outbox, free);

		await().until(() -> this.broken.get() == 20);
		await().until(this.writers::isIdle);
	}

	@Test
	void aLookAtAStuckThreadThatFailsIsNotTheLastOne() throws Exception {
		IntStream.range(0, 4).forEach((i) -> stall(new StalledWire() {

			@Override
			public boolean isWaiting() {
				throw new IllegalStateException("The socket has closed");
			}

		}));
		FreeWire free = new FreeWire();
		Outbox outbox = outbox(free);

		sendOneByOne(outbox, free);

		assertThat(this.waiting).hasValue(4);
	}

	@Test
	void aPlaceToWaitIsGivenBackWithEachWriteByAThreadThatKeepsNobodyFromStopping() throws Exception {
		List<Boolean> mayWait = new CopyOnWriteArrayList<>();
		List<Boolean> daemons = new CopyOnWriteArrayList<>();
		FreeWire free = new FreeWire() {

			@Override
			public int room(boolean mayWaitNow) {
				mayWait.add(mayWaitNow);
				daemons.add(Thread.currentThread().isDaemon());
				return super.room(mayWaitNow);
			}

		};
		Outbox outbox = outbox(free);

		for (int i = 0; i < 2 * Writers.MOST_WAITING; i++) {
			send(outbox, "text");
			assertThat(free.read.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
			await().pollDelay(Duration.ZERO).pollInterval(Duration.ofNanos(50_000)).until(this.writers::isIdle);
		}

		assertThat(mayWait).hasSize(2 * Writers.MOST_WAITING).containsOnly(true);
		assertThat(daemons).containsOnly(true);
	}

	/**
	 * Has several messages wait for a peer that does not read before the writers come.
	 */
	private void stall(StalledWire wire) {
		stall(wire, this.writers);
	}

	private void stall(StalledWire wire, Writers by) {
		Outbox outbox = new Outbox(wire, this.owner, new Sent(new Traffic(this.clock), new Counts()), this.clock,
				NO_LIMITS, (ignored) -> {
				});
		send(outbox, "never read");
		send(outbox, "nor this");
		by.soon(outbox);
	}

	private Outbox outbox(Wire wire) {
		return new Outbox(wire, this.owner, new Sent(new Traffic(this.clock), new Counts()), this.clock, NO_LIMITS,
				this.writers::soon);
	}

	private static void send(Outbox outbox, String text) {
		outbox.sendSoon(Payload.of(new TextMessage(text)), false, () -> true, new Patience());
	}

	/** Would rather let a thread wait for each message. */
	private final class StalledTomcatWire extends StalledWire {

		@Override
		public boolean isCheaperTogether() {
			return true;
		}

	}

	/** Lets a thread wait for its peer, but writes a message alone without. */
	private class StalledWire implements Wire {

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
			// Told when the peer reads, which it does not.
		}

		@Override
		public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
			WritersTest.this.waiting.incrementAndGet();
			try {
				WritersTest.this.peersRead.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			written.accept(null);
		}

		@Override
		public int room(boolean mayWait) {
			return mayWait ? MOST_TOGETHER : 0;
		}

		@Override
		public void ping(Consumer<@Nullable Throwable> written) {
			throw new IllegalStateException("Nobody pings here");
		}

		@Override
		public boolean isWaiting() {
			return false;
		}

		@Override
		public void free() {
			throw new IllegalStateException("Nobody closes here");
		}

		@Override
		public void letGo() {
			throw new IllegalStateException("Nobody closes here");
		}

	}

	/** Fails in whatever it does. */
	private static final class BrokenWire implements Wire {

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public int room(boolean mayWait) {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public void ping(Consumer<@Nullable Throwable> written) {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public boolean isWaiting() {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public void free() {
			throw new StackOverflowError("on purpose");
		}

		@Override
		public void letGo() {
			throw new StackOverflowError("on purpose");
		}

	}

	/** Has a peer that reads everything. */
	private static class FreeWire implements Wire {

		final Queue<String> written = new ConcurrentLinkedQueue<>();

		final Semaphore read = new Semaphore(0);

		volatile @Nullable String last;

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> done) {
			writeTogether(List.of(message), done);
		}

		@Override
		public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> done) {
			for (WebSocketMessage<?> message : messages) {
				this.written.add((String) message.getPayload());
				this.last = (String) message.getPayload();
				this.read.release();
			}
			done.accept(null);
		}

		@Override
		public int room(boolean mayWait) {
			return mayWait ? MOST_TOGETHER : 0;
		}

		@Override
		public void ping(Consumer<@Nullable Throwable> written) {
			throw new IllegalStateException("Nobody pings here");
		}

		@Override
		public boolean isWaiting() {
			return false;
		}

		@Override
		public void free() {
			throw new IllegalStateException("Nobody closes here");
		}

		@Override
		public void letGo() {
			throw new IllegalStateException("Nobody closes here");
		}

	}

	private final class Owner implements Outbox.Owner {

		@Override
		public boolean mayPass() {
			return true;
		}

		@Override
		public void missed(List<BooleanSupplier> gates) {
			throw new IllegalStateException("There are no limits here");
		}

		@Override
		public void tooSlow() {
			throw new IllegalStateException("There are no limits here");
		}

		@Override
		public void broken(Throwable error) {
			WritersTest.this.broken.incrementAndGet();
		}

	}

}
