package org.sessionlink.wire;

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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.Counts;
import org.sessionlink.link.FrameKind;
import org.sessionlink.link.Traffic;
import org.sessionlink.link.TrafficSum;
import org.sessionlink.link.FakeClock;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutboxTest {

	private static final Duration SEND_TIME = Duration.ofSeconds(10);

	private static final int SEND_BUFFER = 10;

	private static final BooleanSupplier OPEN = () -> true;

	private final FakeClock clock = new FakeClock();

	private final Counts counts = new Counts();

	private final Traffic traffic = new Traffic(this.clock);

	private final FakeWire wire = new FakeWire();

	private final FakeOwner owner = new FakeOwner();

	private final Queue<Outbox> queued = new ConcurrentLinkedQueue<>();

	private final Outbox outbox = outbox(limits(SEND_BUFFER, SEND_TIME));

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
	void oneMessageAloneIsWrittenAsSeveralAreWhereThatIsCheaperAndTheThreadMayWait() {
		this.wire.hold = false;
		this.wire.cheaperTogether = true;

		sendSoon(this.outbox, "may wait");
		writersWrite(true);
		sendSoon(this.outbox, "for several");
		this.queued.remove().writeTogether(MayWait.FOR_SEVERAL);
		this.wire.room = 0;
		sendSoon(this.outbox, "may not");
		writersWrite(false);
		send("to one");

		assertThat(this.wire.begun).containsExactly("may wait", "for several", "may not", "to one");
		assertThat(this.wire.alone).containsExactly("for several", "may not", "to one");
	}

	@Test
	void whatComesForManyIsWrittenByTheWritersThoughItWaitsAlone() {
		sendSoon(this.outbox, "one");
		sendSoon(this.outbox, "two");
		assertThat(this.wire.begun).isEmpty();
		assertThat(this.queued).containsExactly(this.outbox);

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one+two");
	}

	@Test
	void noMoreThanABatchGoesOutAsOneSoThatOthersHaveTheirTurn() {
		Outbox unbounded = outbox(limits(0, Duration.ZERO));
		String quarter = "x".repeat(16 * 1024);
		IntStream.range(0, 7).forEach((i) -> unbounded.send(payload(quarter), false, OPEN));

		this.wire.complete();
		writersWrite(true);
		this.wire.complete();
		writersWrite(true);

		assertThat(this.wire.begun).containsExactly(quarter, String.join("+", quarter, quarter, quarter, quarter),
				quarter + "+" + quarter);
	}

	@Test
	void asMuchGoesOutAsOneAsTheWireTakes() {
		this.wire.hold = false;
		this.wire.room = 5;
		sendSoon(this.outbox, "123");
		sendSoon(this.outbox, "456");
		sendSoon(this.outbox, "7");
		sendSoon(this.outbox, "8");

		writersWrite(true);
		assertThat(this.wire.begun).containsExactly("123+456");
		this.wire.room = 0;
		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("123+456", "7", "8");
		assertThat(this.wire.askedForRoom).containsExactly(true, true);
	}

	@Test
	void aMessageWhoseOwnGateHasShutIsLeftOut() {
		AtomicBoolean open = new AtomicBoolean(true);
		this.outbox.sendSoon(payload("one"), false, open::get, new Patience());
		sendSoon(this.outbox, "2");
		this.outbox.sendSoon(payload("three"), false, open::get, new Patience());
		open.set(false);
		writersWrite(true);

		this.wire.complete();
		this.outbox.send(payload("four"), false, open::get);
		this.outbox.send(payload("five"), false, OPEN);

		assertThat(this.wire.begun).containsExactly("2", "five");
	}

	@Test
	void anEndInTheMiddleOfABatchStopsTheRest() {
		this.wire.onWrite = (text) -> this.owner.mayPass = !text.equals("two");
		sendSoon(this.outbox, "one");
		sendSoon(this.outbox, "two");
		sendSoon(this.outbox, "3");

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly("one+two");
	}

	@Test
	void whoAbandonsASocketFreesTheThreadThatWaitsForItsPeer() {
		send("under way", "waits");

		this.outbox.close();
		assertThat(this.wire.freed).isZero();
		this.outbox.abandon();

		assertThat(this.wire.freed).isOne();
	}

	@Test
	void aPeerThatStillDoesNotReadOnceItsSocketIsClosedLosesItsConnection() {
		send("under way");
		this.outbox.abandon();
		this.outbox.abandon();
		this.clock.pass(Lingering.TIME.minusNanos(1));
		assertThat(this.wire.letGo).isZero();

		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.wire.letGo).isOne();
	}

	@Test
	void aPeerThatDoesNotAnswerTheCloseLosesItsConnection() {
		this.outbox.beforeClose();
		this.outbox.abandon();
		this.clock.pass(Lingering.TIME.minusNanos(1));
		assertThat(this.wire.letGo).isZero();

		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.wire.letGo).isOne();
	}

	@Test
	void aPeerThatReadsKeepsItsConnectionForTheCloseFrame() {
		send("under way");
		this.wire.complete();

		this.outbox.abandon();
		this.clock.pass(Lingering.TIME);

		assertThat(this.wire.letGo).isZero();
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aContainerThatCompletesAtOnceDoesNotLetCallsNest() {
		Outbox unbounded = outbox(limits(0, Duration.ZERO));
		this.wire.hold = false;
		this.wire.onWrite = (text) -> {
			if (this.wire.begun.size() < 100_000) {
				unbounded.send(payload("next"), false, OPEN);
			}
		};

		unbounded.send(payload("first"), false, OPEN);

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
		Outbox shared = new Outbox(quick, this.owner, new Sent(new Traffic(this.clock), new Counts()), this.clock,
				limits(0, Duration.ZERO), writers::soon);

		CompletableFuture<?>[] senders = IntStream.range(0, 2)
			.mapToObj((sender) -> CompletableFuture.runAsync(() -> IntStream.range(0, 20_000).forEach((i) -> {
				if (i % 3 == 0) {
					shared.send(payload(sender + ":" + i), false, OPEN);
				}
				else {
					sendSoon(shared, sender + ":" + i);
				}
			})))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(senders).get(30, TimeUnit.SECONDS);

		assertThat(shared.awaitWritten(Duration.ofSeconds(30))).isTrue();
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
	void moreThanMayWaitClosesAPeerThatHasTakenNothingForAWhile() {
		send("under way", "12345", "12345");
		this.clock.pass(SendLimits.SLOW);
		assertThat(this.owner.tooSlow).isZero();

		send("6");
		this.wire.complete();

		assertThat(this.owner.tooSlow).isOne();
		assertThat(this.wire.begun).containsExactly("under way");
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aPeerThatHasTakenSomethingJustNowMayHaveMoreWaitButNotWithoutEnd() {
		send("under way");
		this.clock.pass(SendLimits.SLOW.minusNanos(1));
		IntStream.range(0, Backlog.FAR).forEach((i) -> send("1234567890"));
		assertThat(this.owner.tooSlow).isZero();

		send("1");

		assertThat(this.owner.tooSlow).isOne();
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aPeerIsNotToBlameForWhatTheWritersAreLateWith() {
		for (int i = 0; i < 5; i++) {
			sendSoon(this.outbox, "1234567890");
			this.clock.pass(SEND_TIME);
		}
		assertThat(this.owner.tooSlow).isZero();

		writersWrite(true);

		assertThat(this.wire.begun).containsExactly(String.join("+", Collections.nCopies(5, "1234567890")));
	}

	@Test
	void whoSendsWritesItselfOnceTheWritersAreFarBehind() {
		this.wire.hold = false;
		Outbox unbounded = outbox(limits(0, Duration.ZERO));
		String much = "x".repeat(Wire.MOST_TOGETHER);
		sendSoon(unbounded, much);
		assertThat(this.wire.begun).isEmpty();

		sendSoon(unbounded, "more");

		assertThat(this.wire.begun).containsExactly(much, "more");
	}

	@Test
	void bytesCountAsUtf8() {
		send("under way", "🦊🦊");
		this.clock.pass(SendLimits.SLOW);

		send("🦊");

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
		await().until(() -> !this.wire.open.isEmpty());
		assertThat(goodbye).isNotDone();
		this.wire.complete();

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

		assertThat(this.outbox.closeAfterLast(() -> closed.add("closed"))).isTrue();
		send("too late");
		this.wire.complete();
		writersWrite(true);
		assertThat(closed).isEmpty();
		this.wire.complete();

		assertThat(closed).containsExactly("closed");
		assertThat(this.wire.begun).containsExactly("under way", "waits+too");
		assertThat(this.outbox.closeAfterLast(() -> closed.add("twice"))).isFalse();
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
	void anOrdinaryCloseComesThoughItsPeerDoesNotReadWhatWasSentBefore() {
		List<String> closed = new ArrayList<>();
		send("under way", "waits");
		this.outbox.closeAfterLast(() -> closed.add("closed"));

		this.clock.pass(SEND_TIME);

		assertThat(closed).containsExactly("closed");
	}

	@Test
	void anOrdinaryCloseComesThoughWhatWasSentBeforeCannotBeWritten() {
		List<String> closed = new ArrayList<>();
		send("under way", "waits");
		this.outbox.closeAfterLast(() -> closed.add("closed"));

		this.wire.open.remove().accept(new IOException("gone"));

		assertThat(closed).containsExactly("closed");
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
		this.outbox.ping();
		send("waits for the ping");
		this.outbox.ping();
		assertThat(this.wire.begun).containsExactly("ping");

		this.wire.complete();
		this.outbox.ping();

		assertThat(this.wire.begun).containsExactly("ping", "waits for the ping");
	}

	@Test
	void aPeerThatDoesNotTakeAPingIsFoundOut() {
		this.outbox.ping();
		send("waits behind it");

		this.clock.pass(SEND_TIME);

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void aPingThatNobodyTakesIsFoundOutThoughNothingWaitsBehindIt() {
		this.outbox.ping();

		this.clock.pass(SEND_TIME);

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void whatComesWhileAPingIsWrittenFollowsIt() {
		this.wire.hold = false;
		this.wire.onWrite = (text) -> {
			if (text.equals("ping")) {
				send("behind it");
			}
		};

		this.outbox.ping();

		assertThat(this.wire.begun).containsExactly("ping", "behind it");
	}

	@Test
	void aPeerIsTimedAgainAfterATimeInWhichItWasSentNothing() {
		send("one");
		this.wire.complete();
		this.clock.pass(SEND_TIME.multipliedBy(3));
		send("two");
		this.wire.complete();
		this.clock.pass(SEND_TIME.multipliedBy(3));

		send("not taken");
		this.clock.pass(SEND_TIME);

		assertThat(this.owner.tooSlow).isOne();
	}

	@Test
	void whatIsFarTooMuchForManyIsFoundOutAsItComes() {
		send("under way");

		IntStream.range(0, 2 * Backlog.FAR).forEach((i) -> sendSoon(this.outbox, "0123456789"));

		assertThat(this.owner.tooSlow).isOne();
		assertThat(this.owner.missedCalls).isZero();
	}

	@Test
	void whoWaitsForWhatIsNotReadWaitsNoLongerThanItMay() throws Exception {
		send("not read");

		assertThat(this.outbox.awaitWritten(Duration.ofMillis(20))).isFalse();
		this.wire.complete();

		assertThat(this.outbox.awaitWritten(Duration.ofSeconds(10))).isTrue();
	}

	@Test
	void whoWaitsForWhatIsThrownAwayNeedNotWait() throws Exception {
		send("not read");
		CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
			try {
				return this.outbox.awaitWritten(Duration.ofSeconds(60));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task, "waiter").start());
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.anyMatch(
					(thread) -> thread.getName().equals("waiter") && thread.getState() == Thread.State.TIMED_WAITING));

		this.outbox.close();

		assertThat(waiter.get(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void whatWaitsForSomebodyWhoMayHaveItNoMoreIsThrownAway() {
		sendSoon(this.outbox, "one");
		sendSoon(this.outbox, "two");
		this.owner.mayPass = false;

		writersWrite(true);

		assertThat(this.outbox.hasWork()).isFalse();
		assertThat(this.wire.begun).isEmpty();
	}

	@Test
	void aPeerThatWasSentAllKeepsItsConnectionWhenItsSocketIsClosed() {
		send("read");
		this.wire.complete();

		this.outbox.abandon();
		this.clock.pass(Lingering.TIME);

		assertThat(this.wire.letGo).isZero();
		assertThat(this.wire.freed).isOne();
	}

	@Test
	void aWireIsToldOfAClose() {
		this.outbox.beforeClose();

		assertThat(this.wire.toBeClosed).isOne();
	}

	@Test
	void whoPublishesWaitsALittleForAPeerThatHasTooMuch() {
		send("under way");
		sendSoon(this.outbox, "0123456789");
		Patience patience = new Patience();

		long start = System.nanoTime();
		this.outbox.sendSoon(payload("more"), false, OPEN, patience);

		assertThat(System.nanoTime() - start).isGreaterThan(1_900_000);
	}

	@Test
	void whoPublishesWaitsALittleForWritersThatAreBehindAndThenWritesItself() {
		Outbox unbounded = outbox(limits(0, Duration.ZERO));
		String half = "x".repeat(Wire.MOST_TOGETHER / 2);
		sendSoon(unbounded, half);
		sendSoon(unbounded, half);
		assertThat(this.wire.begun).isEmpty();

		long start = System.nanoTime();
		sendSoon(unbounded, "more");

		assertThat(System.nanoTime() - start).isGreaterThan(1_900_000);
		assertThat(this.wire.begun).containsExactly(half);
	}

	@Test
	void whoPublishesWaitsForNobodyElse() {
		Patience patience = new Patience();
		this.outbox.sendSoon(payload("queues it"), false, OPEN, patience);
		this.outbox.sendSoon(payload("2"), false, OPEN, patience);
		writersWrite(true);
		this.outbox.sendSoon(payload("3"), false, OPEN, patience);

		long start = System.nanoTime();
		synchronized (this) {
			patience.await(this);
		}

		assertThat(System.nanoTime() - start).as("all its patience is left").isGreaterThan(1_900_000);
	}

	@Test
	void whatGoesOutIsCountedAndWhatAGateKeepsBackIsNot() {
		this.wire.hold = false;
		send("MESSAGE\n\n\0");
		this.outbox.send(payload("MESSAGE\nkept back"), false, () -> false);
		send("\n");
		this.wire.hold = true;
		send("RECEIPT\n\n\0", "MESSAGE\n2", "MESSAGE\n3");
		this.outbox.send(payload("MESSAGE\nkept back"), false, () -> false);
		this.wire.complete();
		writersWrite(true);
		this.wire.complete();
		this.wire.hold = false;

		writeLast("ERROR\n\n\0", 100);

		assertThat(this.traffic.sum()).isEqualTo(new TrafficSum(0, 0, 5, 10 + 1 + 10 + 9 + 9 + 8));
		assertThat(count(FrameKind.MESSAGE)).isEqualTo(3);
		assertThat(count(FrameKind.RECEIPT)).isOne();
		assertThat(count(FrameKind.ERROR)).isOne();
		assertThat(count(FrameKind.HEARTBEAT)).isOne();
	}

	@Test
	void whatBreaksOffInTheMiddleCountsAsFarAsItCame() {
		send("MESSAGE\n1", "MESSAGE\n2", "MESSAGE\n3");
		this.wire.complete();
		this.wire.onWrite = (text) -> {
			if (text.endsWith("3")) {
				throw new IllegalStateException("broken");
			}
		};

		writersWrite(true);

		assertThat(this.owner.broken).isOne();
		assertThat(count(FrameKind.MESSAGE)).isEqualTo(3);
		assertThat(this.traffic.sum().framesOut()).isEqualTo(3);
	}

	@Test
	void whatAWireWritesLaterCountsOnceItIsWritten() {
		this.wire.writesLater = true;
		send("MESSAGE\n1");
		assertThat(count(FrameKind.MESSAGE)).isZero();

		this.wire.complete();

		assertThat(count(FrameKind.MESSAGE)).isOne();
	}

	@Test
	void howMuchWaitedIsKnownAfterTheClose() {
		send("one", "three", "seventh");
		assertThat(this.outbox.unwritten()).isEqualTo(12);

		this.outbox.close();

		assertThat(this.outbox.waiting()).isZero();
		assertThat(this.outbox.unwritten()).isEqualTo(12);
	}

	private long count(FrameKind kind) {
		return this.counts.frames(FrameKind.Direction.OUT, kind);
	}

	private void send(String... texts) {
		for (String text : texts) {
			this.outbox.send(payload(text), text.startsWith("news"), OPEN);
		}
	}

	private void writersWrite(boolean mayWait) {
		Outbox next = this.queued.poll();
		if (next != null) {
			next.writeTogether(mayWait ? MayWait.FOR_ANY : MayWait.NOT);
		}
	}

	private Outbox outbox(OutboxLimits limits) {
		return new Outbox(this.wire, this.owner, new Sent(this.traffic, this.counts), this.clock, limits,
				this.queued::add);
	}

	private boolean writeLast(String text, long millis) {
		try {
			return this.outbox.writeLast(new TextMessage(text), Duration.ofMillis(millis));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void sendSoon(Outbox outbox, String text) {
		outbox.sendSoon(payload(text), false, OPEN, new Patience());
	}

	private static Payload payload(String text) {
		return Payload.of(new TextMessage(text));
	}

	private static OutboxLimits limits(int bytes, Duration time) {
		return new OutboxLimits(bytes, time);
	}

	/** Writes nothing until it is told to. */
	private static class FakeWire implements Wire {

		final List<String> begun = Collections.synchronizedList(new ArrayList<>());

		final Queue<Consumer<@Nullable Throwable>> open = new ConcurrentLinkedQueue<>();

		boolean hold = true;

		int room = MOST_TOGETHER;

		final List<Boolean> askedForRoom = new ArrayList<>();

		int toBeClosed;

		int freed;

		int letGo;

		boolean cheaperTogether;

		boolean writesLater;

		final List<String> alone = Collections.synchronizedList(new ArrayList<>());

		Consumer<String> onWrite = (text) -> {
		};

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> written) {
			this.alone.add((String) message.getPayload());
			writeTogether(List.of(message), written);
		}

		@Override
		public boolean writesLater() {
			return this.writesLater;
		}

		@Override
		public boolean isCheaperTogether() {
			return this.cheaperTogether;
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
		public int room(boolean mayWait) {
			this.askedForRoom.add(mayWait);
			return this.room;
		}

		@Override
		public void ping(Consumer<@Nullable Throwable> written) {
			writeTogether(List.of(new TextMessage("ping")), written);
		}

		@Override
		public boolean isWaiting() {
			return false;
		}

		@Override
		public void beforeClose() {
			this.toBeClosed++;
		}

		@Override
		public void free() {
			this.freed++;
		}

		@Override
		public void letGo() {
			this.letGo++;
		}

		void complete() {
			this.open.remove().accept(null);
		}

		void completeWhenClosed(Outbox outbox) throws InterruptedException {
			// Closed, an outbox has nothing to wait for.
			outbox.awaitWritten(Duration.ofSeconds(10));
			complete();
		}

	}

	private static final class FakeOwner implements Outbox.Owner {

		volatile boolean mayPass = true;

		int missed;

		int missedCalls;

		int tooSlow;

		int broken;

		@Override
		public boolean mayPass() {
			return this.mayPass;
		}

		@Override
		public void missed(List<BooleanSupplier> gates) {
			this.missed += gates.size();
			this.missedCalls++;
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
