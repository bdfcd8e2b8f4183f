package org.sessionlink.wire;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sessionlink.link.Counts;
import org.sessionlink.link.Traffic;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.LinkThreads;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

/**
 * B41: whatever a container or an owner does, an outbox is over once, and nothing else.
 */
class OutboxFaultsTest {

	private static final BooleanSupplier OPEN = () -> true;

	private static final LinkThreads threads = new LinkThreads();

	private static final Writers writers = new Writers(threads, 1);

	private final FakeClock clock = new FakeClock();

	private final FaultyWire wire = new FaultyWire();

	private final Owner owner = new Owner();

	private final Queue<Outbox> queued = new ConcurrentLinkedQueue<>();

	private Outbox outbox;

	@BeforeEach
	void makeOutbox() {
		this.outbox = outbox(this.queued::add);
	}

	@AfterAll
	static void stop() {
		writers.close();
		threads.close();
	}

	/** What fails, how, with what, and whether the owner fails as well when it hears. */
	record Fault(String step, Manner manner, Throwable error, boolean ownerFails) {
	}

	enum Manner {

		THROWN, TOLD, TOLD_AND_THROWN, TOLD_AS_WRITTEN_AND_THROWN, TOLD_TWICE, TOLD_AS_WRITTEN_FIRST, TOLD_LATER,
		TOLD_LATER_TWICE, THROWN_AND_TOLD_LATER

	}

	static Stream<Fault> faults() {
		List<Throwable> errors = List.of(new IOException("on purpose"), new IllegalStateException("on purpose"),
				new StackOverflowError("on purpose"));
		Stream<Fault> writes = Stream.of("write", "writeTogether", "ping")
			.flatMap((step) -> Stream.of(Manner.values())
				.flatMap((manner) -> errors.stream()
					.flatMap((error) -> Stream.of(true, false)
						.map((ownerFails) -> new Fault(step, manner, error, ownerFails)))));
		return Stream.concat(writes,
				errors.stream()
					.filter((error) -> !(error instanceof IOException))
					.map((error) -> new Fault("room", Manner.THROWN, error, true)));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void whateverFailsIsToldOnceAndNeitherThePenNorAThreadIsLost(Fault fault) throws Exception {
		this.wire.fault = fault;
		this.owner.fails = fault.ownerFails();

		begin(fault.step());

		soon().untilAsserted(() -> assertThat(this.owner.broken).as(fault.toString()).hasValue(1));
		soon().until(() -> !this.outbox.hasWork());
		int calls = this.wire.calls.get();
		send("too late");
		this.outbox.sendSoon(payload("too late"), false, OPEN, new Patience());
		this.outbox.ping();
		assertThat(this.wire.calls).hasValue(calls);
		assertThat(this.queued).isEmpty();
		assertThat(this.outbox.closeAfterLast(() -> {
			throw new IllegalStateException("There is nothing to wait for");
		})).isFalse();
		assertThat(this.outbox.writeLast(new TextMessage("goodbye"), Duration.ofSeconds(10))).isTrue();
		this.outbox.abandon();
		assertThat(this.owner.broken).hasValue(1);
		assertThat(this.owner.tooSlow).hasValue(0);
		soon().until(writers::isIdle);
	}

	private static ConditionFactory soon() {
		return await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofNanos(50_000));
	}

	private void begin(String step) {
		switch (step) {
			case "write" -> send("one");
			case "ping" -> this.outbox.ping();
			default -> {
				this.outbox.sendSoon(payload("one"), false, OPEN, new Patience());
				this.outbox.sendSoon(payload("two"), false, OPEN, new Patience());
				assertThat(this.queued.remove()).isSameAs(this.outbox);
				writers.soon(this.outbox);
			}
		}
	}

	@Test
	void aGateThatFailsClosesTheSocketAsNobodyKnowsWhatMayGoOut() {
		this.outbox.send(payload("one"), false, () -> {
			throw new IllegalStateException("on purpose");
		});

		assertThat(this.owner.broken).hasValue(1);
		assertThat(this.wire.calls).hasValue(0);
		assertThat(this.outbox.hasWork()).isFalse();
	}

	@Test
	void whatWasToFollowTheLastFollowsThoughThatFails() {
		List<String> closed = new ArrayList<>();
		this.wire.hold = true;
		send("under way");
		assertThat(this.outbox.closeAfterLast(() -> closed.add("closed"))).isTrue();

		this.wire.held.remove().accept(new IOException("gone"));

		assertThat(closed).containsExactly("closed");
		assertThat(this.owner.broken).hasValue(1);
	}

	@Test
	void whatWasToFollowTheLastFollowsThoughThePeerDoesNotReadIt() {
		List<String> closed = new ArrayList<>();
		this.wire.hold = true;
		send("under way");
		this.outbox.closeAfterLast(() -> closed.add("closed"));

		this.clock.pass(Duration.ofSeconds(10));

		assertThat(closed).containsExactly("closed");
		assertThat(this.owner.tooSlow).hasValue(1);
		this.wire.held.remove().accept(null);
		assertThat(closed).hasSize(1);
	}

	@Test
	void anOwnerThatFailsWhenItHearsOfASlowPeerDoesNotHurtTheClock() {
		this.owner.fails = true;
		this.wire.hold = true;
		send("under way");

		assertThatCode(() -> this.clock.pass(Duration.ofSeconds(10))).doesNotThrowAnyException();

		assertThat(this.owner.tooSlow).hasValue(1);
		this.wire.held.remove().accept(null);
		assertThat(this.outbox.hasWork()).isFalse();
	}

	@Test
	void anOwnerThatFailsWhenItHearsOfWhatIsMissedDoesNotHurtWhoSends() {
		this.owner.fails = true;
		this.wire.hold = true;
		send("under way");
		this.outbox.send(payload("1234567890"), true, OPEN);

		assertThatCode(() -> this.outbox.send(payload("order"), false, OPEN)).doesNotThrowAnyException();
		this.wire.held.remove().accept(null);

		assertThat(this.owner.missed).hasValue(1);
		assertThat(this.wire.written).containsExactly("under way", "order");
	}

	@Test
	void anOutboxThatCannotBeQueuedIsNotLeftToItself() {
		Outbox lost = outbox((ignored) -> {
			throw new OutOfMemoryError("on purpose");
		});

		assertThatCode(() -> lost.sendSoon(payload("one"), false, OPEN, new Patience())).doesNotThrowAnyException();

		assertThat(this.owner.broken).hasValue(1);
		assertThat(lost.hasWork()).isFalse();
	}

	@Test
	void aThreadThatCannotBeFreedDoesNotKeepTheConnection() {
		this.wire.hold = true;
		send("under way");
		this.wire.fault = new Fault("free", Manner.THROWN, new IllegalStateException("on purpose"), false);

		assertThatCode(this.outbox::abandon).doesNotThrowAnyException();
		this.clock.pass(Lingering.TIME);

		assertThat(this.wire.letGo).isOne();
	}

	@Test
	void aGoodbyeThatFailsIsNoNews() throws Exception {
		this.wire.fault = new Fault("write", Manner.THROWN, new IOException("gone"), false);

		assertThat(this.outbox.writeLast(new TextMessage("goodbye"), Duration.ofSeconds(10))).isTrue();

		assertThat(this.owner.broken).hasValue(0);
		assertThat(this.outbox.hasWork()).isFalse();
	}

	@Test
	void aGoodbyeThatNobodyReadsIsWaitedForNoLongerThanItMay() {
		this.wire.hold = true;
		CompletableFuture<Boolean> goodbye = CompletableFuture.supplyAsync(() -> {
			try {
				return this.outbox.writeLast(new TextMessage("goodbye"), Duration.ofMillis(20));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});

		assertThat(goodbye).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		assertThat(this.wire.held).hasSize(1);
		assertThat(this.outbox.hasWork()).isTrue();
	}

	private void send(String text) {
		this.outbox.send(payload(text), false, OPEN);
	}

	private Outbox outbox(Consumer<Outbox> queue) {
		return new Outbox(this.wire, this.owner, new Sent(new Traffic(this.clock), new Counts()), this.clock,
				new OutboxLimits(10, Duration.ofSeconds(10)), queue);
	}

	private static Payload payload(String text) {
		return Payload.of(new TextMessage(text));
	}

	/** Does what a fault says. */
	private static final class FaultyWire implements Wire {

		final AtomicInteger calls = new AtomicInteger();

		final List<String> written = new ArrayList<>();

		final Queue<Consumer<@Nullable Throwable>> held = new ConcurrentLinkedQueue<>();

		volatile Fault fault = new Fault("nothing", Manner.THROWN, new IOException(), false);

		boolean hold;

		int letGo;

		@Override
		public void write(WebSocketMessage<?> message, Consumer<@Nullable Throwable> done) throws IOException {
			this.written.add((String) message.getPayload());
			write("write", done);
		}

		@Override
		public void writeTogether(Iterable<WebSocketMessage<?>> messages, Consumer<@Nullable Throwable> done)
				throws IOException {
			messages.forEach((message) -> {
			});
			write("writeTogether", done);
		}

		@Override
		public void ping(Consumer<@Nullable Throwable> done) throws IOException {
			write("ping", done);
		}

		private void write(String step, Consumer<@Nullable Throwable> done) throws IOException {
			this.calls.incrementAndGet();
			if (this.hold) {
				this.held.add(done);
				return;
			}
			if (!step.equals(this.fault.step())) {
				done.accept(null);
				return;
			}
			Throwable error = this.fault.error();
			switch (this.fault.manner()) {
				case THROWN -> fail();
				case TOLD -> done.accept(error);
				case TOLD_AND_THROWN -> {
					tell(done, error);
					fail();
				}
				case TOLD_AS_WRITTEN_AND_THROWN -> {
					done.accept(null);
					fail();
				}
				case TOLD_TWICE -> {
					tell(done, error);
					done.accept(error);
				}
				case TOLD_AS_WRITTEN_FIRST -> {
					done.accept(null);
					done.accept(error);
				}
				case TOLD_LATER -> later(() -> done.accept(error));
				case TOLD_LATER_TWICE -> {
					later(() -> done.accept(error));
					later(() -> done.accept(error));
				}
				case THROWN_AND_TOLD_LATER -> {
					later(() -> done.accept(error));
					fail();
				}
				default -> throw new IllegalStateException();
			}
		}

		// As a container that does not care what it calls.
		private static void tell(Consumer<@Nullable Throwable> done, Throwable error) {
			try {
				done.accept(error);
			}
			catch (Throwable ex) {
				// It goes on.
			}
		}

		private static void later(Runnable task) {
			new Thread(task).start();
		}

		private void fail() throws IOException {
			if (this.fault.error() instanceof IOException ex) {
				throw ex;
			}
			if (this.fault.error() instanceof RuntimeException ex) {
				throw ex;
			}
			throw (Error) this.fault.error();
		}

		private void failIn(String step) {
			if (step.equals(this.fault.step())) {
				try {
					fail();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

		@Override
		public int room(boolean mayWait) {
			failIn("room");
			return MOST_TOGETHER;
		}

		@Override
		public boolean isWaiting() {
			failIn("isWaiting");
			return false;
		}

		@Override
		public void free() {
			failIn("free");
		}

		@Override
		public void letGo() {
			this.letGo++;
		}

	}

	/** Hears, and fails where it is told to. */
	private static final class Owner implements Outbox.Owner {

		final AtomicInteger missed = new AtomicInteger();

		final AtomicInteger tooSlow = new AtomicInteger();

		final AtomicInteger broken = new AtomicInteger();

		volatile boolean fails;

		@Override
		public boolean mayPass() {
			return true;
		}

		@Override
		public void missed(List<BooleanSupplier> gates) {
			hear(this.missed);
		}

		@Override
		public void tooSlow() {
			hear(this.tooSlow);
		}

		@Override
		public void broken(Throwable error) {
			hear(this.broken);
		}

		private void hear(AtomicInteger count) {
			count.incrementAndGet();
			if (this.fails) {
				throw new StackOverflowError("on purpose");
			}
		}

	}

}
