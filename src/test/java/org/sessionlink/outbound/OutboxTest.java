package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.FakeClock;

import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxTest {

	private static final Duration SEND_TIME = Duration.ofSeconds(10);

	private static final int SEND_BUFFER = 10;

	private final FakeClock clock = new FakeClock();

	private final FakeWire wire = new FakeWire();

	private final FakeOwner owner = new FakeOwner();

	private final Queue<Outbox> queued = new ConcurrentLinkedQueue<>();

	private final Outbox outbox = outbox(settings(SEND_BUFFER, SEND_TIME));

	@Test
	void oneMessageIsUnderWayAtATimeAndTheNextFollowsFromItsCompletion() {
		send("one", "two");
		assertThat(this.wire.begun).containsExactly("one");

		this.wire.complete();
		send("three");
		this.wire.complete();

		assertThat(this.wire.begun).containsExactly("one", "two", "three");
		assertThat(this.queued).isEmpty();
	}

	@Test
	void whatWaitsBehindAWriteIsWrittenAsOneByTheWriters() {
		send("one", "2", "3", "4");
		this.wire.complete();
		assertThat(this.wire.begun).containsExactly("one");

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one", "2+3+4");
		assertThat(this.queued).isEmpty();
	}

	@Test
	void whatComesForManyIsWrittenByTheWritersThoughItWaitsAlone() {
		this.outbox.sendSoon(new TextMessage("one"), false);
		this.outbox.sendSoon(new TextMessage("two"), false);
		assertThat(this.wire.begun).isEmpty();
		assertThat(this.queued).containsExactly(this.outbox);

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one+two");
	}

	@Test
	void noMoreThanABatchGoesOutAsOneSoThatOthersHaveTheirTurn() {
		Outbox unbounded = outbox(settings(0, Duration.ZERO));
		String quarter = "x".repeat(16 * 1024);
		IntStream.range(0, 6).forEach((i) -> unbounded.sendSoon(new TextMessage(quarter), false));

		writersWrite(true);
		assertThat(this.wire.begun).containsExactly(String.join("+", quarter, quarter, quarter, quarter));
		this.wire.complete();
		writersWrite(true);

		assertThat(this.wire.begun).hasSize(2);
		assertThat(this.wire.begun.get(1)).isEqualTo(quarter + "+" + quarter);
	}

	@Test
	void aThreadThatMayNotWaitWritesOneByOneWhereWritingTogetherWaits() {
		this.wire.waits = true;
		this.wire.hold = false;
		this.outbox.sendSoon(new TextMessage("one"), false);
		this.outbox.sendSoon(new TextMessage("two"), false);

		writersWrite(false);
		writersWrite(false);

		assertThat(this.wire.begun).containsExactly("one", "two");
	}

	@Test
	void noThreadWaitsAgainForAPeerThatOneHasWaitedForUntilAllIsWritten() {
		this.wire.waits = true;
		this.wire.hold = false;
		this.outbox.stalled();
		this.outbox.sendSoon(new TextMessage("one"), false);
		this.outbox.sendSoon(new TextMessage("two"), false);
		writersWrite(true);
		writersWrite(true);
		assertThat(this.wire.begun).containsExactly("one", "two");

		this.outbox.sendSoon(new TextMessage("3"), false);
		this.outbox.sendSoon(new TextMessage("4"), false);
		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one", "two", "3+4");
		assertThat(this.wire.toldOfStall).isOne();
	}

	@Test
	void anEndInTheMiddleOfABatchStopsTheRest() {
		this.wire.onWrite = (text) -> this.owner.mayPass = !text.equals("two");
		this.outbox.sendSoon(new TextMessage("one"), false);
		this.outbox.sendSoon(new TextMessage("two"), false);
		this.outbox.sendSoon(new TextMessage("3"), false);

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one+two");
	}

	@Test
	void whoAbandonsASocketFreesTheThreadThatWaitsForItsPeer() throws Exception {
		CountDownLatch waits = new CountDownLatch(1);
		this.wire.waits = true;
		this.wire.onWrite = (text) -> {
			waits.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException("interrupted", ex);
			}
		};
		this.outbox.sendSoon(new TextMessage("one"), false);
		CompletableFuture<Boolean> writer = CompletableFuture.supplyAsync(() -> {
			writersWrite(true);
			return Thread.currentThread().isInterrupted();
		});
		assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();

		this.outbox.close();
		assertThat(writer).isNotDone();
		this.outbox.abandon();

		assertThat(writer.get(10, TimeUnit.SECONDS)).isFalse();
	}

	@Test
	void aContainerThatCompletesAtOnceDoesNotLetCallsNest() {
		Outbox unbounded = outbox(settings(0, Duration.ZERO));
		this.wire.hold = false;
		this.wire.onWrite = (text) -> {
			if (this.wire.begun.size() < 100_000) {
				unbounded.send(new TextMessage("next"), false);
			}
		};

		unbounded.send(new TextMessage("first"), false);

		assertThat(this.wire.begun).hasSize(100_001);
		assertThat(unbounded.hasWork()).isFalse();
	}

	@Test
	void aContainerThatSaysTwiceThatAMessageIsWrittenStartsOneNext() {
		send("one", "two");
		Consumer<@Nullable Throwable> first = this.wire.open.peek();

		this.wire.complete();
		send("three");
		first.accept(null);

		assertThat(this.wire.begun).containsExactly("one", "two");
	}

	@Test
	void manySendersAndCompletionsOnOtherThreadsKeepTheOrderOfEach() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		Queue<String> written = new ConcurrentLinkedQueue<>();
		AtomicInteger atOnce = new AtomicInteger();
		AtomicInteger mostAtOnce = new AtomicInteger();
		Wire quick = new FakeWire() {

			@Override
			public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> done) {
				writeTogether(List.of(message), done);
			}

			@Override
			public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> done) {
				mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
				messages.forEach((message) -> written.add((String) message.getPayload()));
				if (written.size() % 2 == 0) {
					atOnce.decrementAndGet();
					done.accept(null);
				}
				else {
					threads.execute(() -> {
						atOnce.decrementAndGet();
						done.accept(null);
					});
				}
			}

		};
		Writers writers = new Writers(this.clock, 2);
		Outbox shared = new Outbox(quick, this.owner, this.clock, settings(0, Duration.ZERO), writers::soon);

		CompletableFuture<?>[] senders = IntStream.range(0, 2)
			.mapToObj((sender) -> CompletableFuture.runAsync(() -> IntStream.range(0, 20_000).forEach((i) -> {
				TextMessage message = new TextMessage(sender + ":" + i);
				if (i % 3 == 0) {
					shared.send(message, false);
				}
				else {
					shared.sendSoon(message, false);
				}
			})))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(senders).get(30, TimeUnit.SECONDS);

		assertThat(shared.awaitEmpty(Duration.ofSeconds(30))).isTrue();
		assertThat(mostAtOnce).hasValue(1);
		for (int sender = 0; sender < 2; sender++) {
			String prefix = sender + ":";
			assertThat(written.stream().filter((text) -> text.startsWith(prefix)))
				.containsExactlyElementsOf(IntStream.range(0, 20_000).mapToObj((i) -> prefix + i).toList());
		}
		threads.shutdownNow();
		writers.close();
	}

	@Test
	void moreThanMayWaitClosesAndThrowsAwayWhatWaits() {
		send("under way", "12345", "12345");
		assertThat(this.owner.tooSlow).isZero();

		send("6");
		this.wire.complete();

		assertThat(this.owner.tooSlow).isOne();
		assertThat(this.wire.begun).containsExactly("under way");
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void bytesCountAsUtf8() {
		send("under way", "🦊🦊", "🦊");

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void oneMessageAloneMayWaitHoweverLarge() {
		send("under way", "0123456789 and more");
		this.wire.complete();

		assertThat(this.owner.tooSlow).isZero();
		assertThat(this.wire.begun).hasSize(2);
	}

	@Test
	void whatIsNotReadForTooLongCloses() {
		send("under way");
		this.clock.pass(SEND_TIME.minusNanos(1));
		assertThat(this.owner.tooSlow).isZero();

		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.owner.tooSlow).isOne();
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void whatWaitsAsLongBehindOthersClosesToo() {
		send("one");
		this.clock.pass(Duration.ofSeconds(6));
		send("two", "three");
		this.wire.complete();
		this.clock.pass(Duration.ofSeconds(6));
		assertThat(this.owner.tooSlow).isZero();
		writersWrite(true);

		this.clock.pass(Duration.ofSeconds(4));

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void aTimerIsThereOnlyWhileSomethingIsUnderWay() {
		send("one");
		this.wire.complete();
		send("two");
		assertThat(this.clock.waiting()).isOne();
		this.wire.complete();

		this.clock.pass(SEND_TIME);

		assertThat(this.clock.waiting()).isZero();
		assertThat(this.owner.tooSlow).isZero();
	}

	@Test
	void theOldestThatMayBeMissedMakeRoom() {
		send("under way", "news1", "1234", "news2");
		assertThat(this.owner.missed).isOne();
		send("news3");

		this.wire.complete();
		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("under way", "1234+news3");
		assertThat(this.owner.missed).isEqualTo(2);
		assertThat(this.owner.tooSlow).isZero();
	}

	@Test
	void whatMayBeMissedIsMissedOnceItHasWaitedTooLong() {
		send("news0", "news1");
		this.clock.pass(SEND_TIME.minusSeconds(1));
		send("news2");
		this.clock.pass(Duration.ofSeconds(1));
		this.wire.complete();

		assertThat(this.wire.begun).containsExactly("news0", "news2");
		assertThat(this.owner.missed).isOne();
		assertThat(this.owner.tooSlow).isZero();
	}

	@Test
	void whatMayNotBeMissedClosesAlsoBehindWhatMay() {
		send("news0", "order");

		this.clock.pass(SEND_TIME);

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void onceTheGateIsShutNothingThatWaitsGoesOut() {
		send("under way", "waits");

		this.owner.mayPass = false;
		this.wire.complete();

		assertThat(this.wire.begun).containsExactly("under way");
		assertThat(this.outbox.hasWork()).isFalse();
	}

	@Test
	void theGoodbyeWaitsForWhatIsUnderWayAndThrowsAwayTheRest() throws Exception {
		send("under way", "waits");
		CompletableFuture<Boolean> goodbye = CompletableFuture.supplyAsync(() -> writeLast("goodbye", 10_000));

		this.wire.completeWhenClosed(this.outbox);

		assertThat(goodbye.get(10, TimeUnit.SECONDS)).isTrue();
		send("too late");
		assertThat(this.wire.begun).containsExactly("under way", "goodbye");
	}

	@Test
	void aPeerThatDoesNotReadGetsNoGoodbye() {
		send("under way", "waits");

		assertThat(writeLast("goodbye", 10)).isFalse();
		this.wire.complete();

		assertThat(this.wire.begun).containsExactly("under way");
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void whatWasSentBeforeAnOrdinaryCloseGoesOutAndNothingAfterIt() {
		List<String> closed = new ArrayList<>();
		send("under way", "waits", "too");

		assertThat(this.outbox.closeAfterLast(() -> closed.add("closed"))).isFalse();
		send("too late");
		this.wire.complete();
		writersWrite(true);
		assertThat(closed).isEmpty();
		this.wire.complete();

		assertThat(closed).containsExactly("closed");
		assertThat(this.wire.begun).containsExactly("under way", "waits+too");
		assertThat(this.outbox.closeAfterLast(() -> closed.add("twice"))).isTrue();
	}

	@Test
	void whoClosesDoesNotWaitForWhatAnOrdinaryCloseWaitsFor() {
		List<String> closed = new ArrayList<>();
		send("under way", "waits");
		this.outbox.closeAfterLast(() -> closed.add("closed"));

		this.outbox.close();
		this.wire.complete();

		assertThat(closed).containsExactly("closed");
		assertThat(this.wire.begun).containsExactly("under way");
	}

	@Test
	void aBrokenSocketIsToldOnceAndNothingMoreIsWritten() {
		send("under way", "waits");

		this.wire.open.remove().accept(new IOException("gone"));
		send("too late");

		assertThat(this.owner.broken).isOne();
		assertThat(this.wire.begun).containsExactly("under way");
	}

	@Test
	void aPingIsWrittenOnlyWhereNothingIsUnderWayAndHoldsMessagesBack() {
		this.outbox.writeIfIdle(new PingMessage(), (ping) -> {
			send("waits for the ping");
			assertThat(this.wire.begun).isEmpty();
		});
		assertThat(this.wire.begun).containsExactly("waits for the ping");

		List<String> pings = new ArrayList<>();
		this.outbox.writeIfIdle(new PingMessage(), (ping) -> pings.add("ping"));

		assertThat(pings).isEmpty();
	}

	private void send(String... texts) {
		for (String text : texts) {
			this.outbox.send(new TextMessage(text), text.startsWith("news"));
		}
	}

	private void writersWrite(boolean mayWait) {
		Outbox next = this.queued.poll();
		if (next != null) {
			next.writeTogether(mayWait);
		}
	}

	private Outbox outbox(OutboundSettings settings) {
		return new Outbox(this.wire, this.owner, this.clock, settings, this.queued::add);
	}

	private boolean writeLast(String text, long millis) {
		try {
			return this.outbox.writeLast(new TextMessage(text), millis);
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static OutboundSettings settings(int bytes, Duration time) {
		return new OutboundSettings(false, Duration.ZERO, bytes, time, Duration.ZERO, List.of());
	}

	/** Writes nothing until it is told to. */
	private static class FakeWire implements Wire {

		final List<String> begun = Collections.synchronizedList(new ArrayList<>());

		final Queue<Consumer<@Nullable Throwable>> open = new ConcurrentLinkedQueue<>();

		boolean hold = true;

		boolean waits;

		int toldOfStall;

		Consumer<String> onWrite = (text) -> {
		};

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
			writeTogether(List.of(message), written);
		}

		@Override
		public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> written) {
			List<String> texts = new ArrayList<>();
			for (WebSocketMessage<?> message : messages) {
				texts.add((String) message.getPayload());
				this.onWrite.accept((String) message.getPayload());
			}
			this.begun.add(String.join("+", texts));
			if (this.hold) {
				this.open.add(written);
			}
			else {
				written.accept(null);
			}
		}

		@Override
		public boolean waits() {
			return this.waits;
		}

		@Override
		public void stalled() {
			this.toldOfStall++;
		}

		@Override
		public void writeLast(WebSocketMessage<?> message, long waitMillis) {
			this.begun.add((String) message.getPayload());
		}

		void complete() {
			this.open.remove().accept(null);
		}

		void completeWhenClosed(Outbox outbox) throws InterruptedException {
			// Closed, an outbox has nothing to wait for.
			outbox.awaitEmpty(Duration.ofSeconds(10));
			complete();
		}

	}

	private static final class FakeOwner implements Outbox.Owner {

		volatile boolean mayPass = true;

		int missed;

		int tooSlow;

		int broken;

		@Override
		public boolean mayPass() {
			return this.mayPass;
		}

		@Override
		public void missed(int count) {
			this.missed += count;
		}

		@Override
		public void tooSlow() {
			this.tooSlow++;
		}

		@Override
		public void broken(Throwable error) {
			this.broken++;
		}

	}

}
