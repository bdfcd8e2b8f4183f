package org.sessionlink.wire;

import java.util.function.BooleanSupplier;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.Counts;
import org.sessionlink.link.Traffic;
import org.sessionlink.link.FakeClock;

import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BlockingWireTest {

	private final List<Runnable> workers = new ArrayList<>();

	private final List<Object> told = new ArrayList<>();

	private final Peer peer = new Peer();

	private final BlockingWire wire = new BlockingWire(this.peer, this.workers::add);

	@AfterEach
	void leaveNoInterruptBehind() {
		Thread.interrupted();
	}

	@Test
	void everyMessageIsWrittenByAThreadThatMayWait() {
		this.wire.write(new TextMessage("one"), this.told::add);
		this.wire.writeTogether(List.of(new TextMessage("two"), new TextMessage("three")), this.told::add);
		this.wire.ping(this.told::add);
		assertThat(this.peer.sent).isEmpty();

		this.workers.forEach(Runnable::run);

		assertThat(this.peer.sent).containsExactly("one", "two", "three", "ping");
		assertThat(this.told).containsExactly(null, null, null);
	}

	@Test
	void whatFailsIsToldOnceAndAnErrorToo() {
		StackOverflowError error = new StackOverflowError("on purpose");
		this.peer.failure = error;
		this.wire.writeTogether(List.of(new TextMessage("one"), new TextMessage("two")), this.told::add);

		this.workers.forEach(Runnable::run);

		assertThat(this.told).containsExactly(error);
	}

	@Test
	void muchIsOfferedAsItsThreadsMayWait() {
		assertThat(this.wire.room(false)).isEqualTo(Wire.MOST_TOGETHER);
		assertThat(this.wire.isWaiting()).isFalse();
		assertThat(this.wire.writesLater()).isTrue();
	}

	@Test
	void aThreadThatWaitsForThePeerIsFreedAndSoIsTheConnection() {
		this.peer.stalled = true;
		AtomicReference<Thread> thread = new AtomicReference<>();
		BlockingWire own = new BlockingWire(this.peer, (task) -> {
			thread.set(new Thread(task));
			thread.get().start();
		});
		CompletableFuture<Throwable> over = new CompletableFuture<>();
		own.write(new TextMessage("one"), over::complete);
		await().until(() -> thread.get().getState() == Thread.State.TIMED_WAITING);

		own.letGo();

		assertThat(over).succeedsWithin(10, TimeUnit.SECONDS).isInstanceOf(IOException.class);
	}

	@Test
	void aWriteThatComesToItsThreadOnceThePeerWasGivenUpDoesNotBegin() {
		this.wire.write(new TextMessage("one"), this.told::add);

		this.wire.free();
		this.workers.forEach(Runnable::run);

		assertThat(this.peer.sent).isEmpty();
		assertThat(this.told).singleElement().isInstanceOf(IOException.class);
	}

	@Test
	void theGateIsAskedByTheThreadThatWritesAndNotWhenItIsCalledFor() {
		AtomicBoolean open = new AtomicBoolean(true);
		Outbox outbox = new Outbox(this.wire, new OpenOwner(), new Sent(new Traffic(new FakeClock()), new Counts()),
				new FakeClock(), new OutboxLimits(0, Duration.ZERO), (queued) -> queued.writeTogether(MayWait.FOR_ANY));
		outbox.send(Payload.of(new TextMessage("secret")), false, open::get);
		assertThat(this.workers).hasSize(1);

		open.set(false);
		this.workers.forEach(Runnable::run);

		assertThat(this.peer.sent).isEmpty();
		assertThat(outbox.hasWork()).isFalse();
	}

	private static final class OpenOwner implements Outbox.Owner {

		@Override
		public boolean mayPass() {
			return true;
		}

		@Override
		public void missed(List<BooleanSupplier> gates) {
			throw new IllegalStateException();
		}

		@Override
		public void tooSlow() {
			throw new IllegalStateException();
		}

		@Override
		public void broken(Throwable error) {
			throw new IllegalStateException(error);
		}

	}

	private static final class Peer extends WebSocketSessionDecorator {

		private final List<String> sent = new ArrayList<>();

		private Error failure;

		private boolean stalled;

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) throws IOException {
			if (this.failure != null) {
				throw this.failure;
			}
			if (this.stalled) {
				FakeContainer.awaitInterrupt();
			}
			this.sent.add((message instanceof PingMessage) ? "ping" : (String) message.getPayload());
		}

	}

}
