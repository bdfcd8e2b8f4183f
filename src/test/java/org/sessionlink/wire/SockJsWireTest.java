package org.sessionlink.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;
import org.springframework.web.socket.sockjs.transport.handler.XhrPollingTransportHandler;
import org.springframework.web.socket.sockjs.transport.session.PollingSockJsSession;

import static org.assertj.core.api.Assertions.assertThat;

/** A client that polls, seen from what writes to it. */
class SockJsWireTest {

	private final List<String> cached = new ArrayList<>();

	private final AtomicInteger closed = new AtomicInteger();

	private final List<Throwable> written = new ArrayList<>();

	private boolean polls;

	private final Polling session = new Polling();

	private final SockJsWire wire = new SockJsWire(this.session, this.session, Runnable::run);

	@BeforeEach
	void open() throws Exception {
		this.session.delegateConnectionEstablished();
	}

	@Test
	void gatesAreAskedWhenAPollComesAndNotBefore() throws Exception {
		Set<WebSocketMessage<?>> revoked = new HashSet<>();
		TextMessage two = new TextMessage("two");
		this.wire.writeTogether(() -> Stream.<WebSocketMessage<?>>of(new TextMessage("one"), two)
			.filter((message) -> !revoked.contains(message))
			.iterator(), this.written::add);

		revoked.add(two);
		poll();

		assertThat(this.cached).containsExactly("one");
		assertThat(this.written).containsExactly((Throwable) null);
	}

	@Test
	void moreThanSpringKeepsWaitsForTheNextPoll() throws Exception {
		List<WebSocketMessage<?>> letter = new ArrayList<>();
		for (int i = 0; i < 150; i++) {
			letter.add(new TextMessage("#" + i));
		}
		this.wire.writeTogether(letter, this.written::add);

		poll();
		assertThat(this.cached).hasSize(100);
		assertThat(this.written).isEmpty();
		poll();

		assertThat(this.cached).hasSize(150).doesNotHaveDuplicates();
		assertThat(this.written).hasSize(1);
	}

	@Test
	void twoPollsAtTheSameMomentAreNotMixedUp() throws Exception {
		CountDownLatch over = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		Thread first = new Thread(() -> {
			try {
				this.wire.answer(() -> {
					begun.countDown();
					over.await();
				});
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		});
		first.start();
		begun.await();

		assertThat(this.wire.answer(this.closed::incrementAndGet)).isFalse();
		over.countDown();
		first.join();

		assertThat(this.closed).hasValue(0);
		assertThat(this.wire.answer(this.closed::incrementAndGet)).isTrue();
	}

	@Test
	void aCloseWaitsForAPollThatFindsNothingElse() throws Exception {
		this.wire.write(new TextMessage("why"), this.written::add);
		assertThat(this.wire.closesLater(this.closed::incrementAndGet)).isTrue();

		poll();
		assertThat(this.cached).containsExactly("why");
		assertThat(this.closed).hasValue(0);
		poll();

		assertThat(this.closed).hasValue(1);
	}

	@Test
	void aCloseDoesNotWaitForEver() {
		assertThat(this.wire.closesLater(this.closed::incrementAndGet)).isTrue();

		this.wire.letGo();

		assertThat(this.closed).hasValue(1);
		assertThat(this.wire.closesLater(this.closed::incrementAndGet)).isFalse();
	}

	/** One of which the tests say whether a poll is there. */
	private final class Polling extends PollingSockJsSession {

		Polling() {
			super("id", new TransportHandlingSockJsService(new SimpleAsyncTaskScheduler(),
					new XhrPollingTransportHandler()), new AbstractWebSocketHandler() {
					}, Map.of());
		}

		@Override
		public boolean isActive() {
			return SockJsWireTest.this.polls;
		}

		void flush() {
			SockJsWireTest.this.cached.addAll(getMessageCache());
			getMessageCache().clear();
		}

	}

	/** As Spring does: what is there goes out, and ends the poll. */
	private void poll() throws Exception {
		this.wire.answer(() -> {
			this.polls = true;
			int before = this.cached.size();
			this.session.flush();
			this.polls = this.cached.size() == before;
		});
	}

}
