package org.sessionlink.outbound;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Patience;
import org.sessionlink.wire.Payload;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundDrainTest {

	private static final OutboundSettings SETTINGS = new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO,
			Duration.ZERO, List.of());

	private final LinkThreads threads = new LinkThreads();

	private final Links links = new Links(this.threads, LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	private final Writers writers = new Writers(this.threads);

	private final Sockets sockets = new Sockets(SETTINGS, this.writers, this.threads);

	private final AtomicInteger sent = new AtomicInteger();

	@AfterEach
	void stop() {
		this.writers.close();
		this.threads.close();
	}

	@Test
	void whatIsQueuedGoesOutBeforeTheSocketsAreClosed() {
		GatedSocket socket = socket(new CountDownLatch(0));
		IntStream.range(0, 10_000)
			.forEach((i) -> socket.deliver(Payload.of(new TextMessage("text")), false, () -> true,
					(i % 2 == 0) ? null : new Patience()));

		new OutboundDrain(this.links, this.sockets, Duration.ofSeconds(10), () -> 0).stop();

		assertThat(this.sent).hasValue(10_000);
	}

	@Test
	void aStalledPeerHoldsTheStopUpNoLongerThanTheLimit() {
		CountDownLatch stalled = new CountDownLatch(1);
		GatedSocket socket = socket(stalled);
		socket.sendMessage(new TextMessage("never read"));

		new OutboundDrain(this.links, this.sockets, Duration.ofMillis(100), () -> 0).stop();

		assertThat(this.sent).hasValue(0);
		stalled.countDown();
	}

	@Test
	void aServerThatHasStartedAgainDoesNotSayThatItGoesDown() {
		OutboundDrain drain = new OutboundDrain(this.links, this.sockets, Duration.ZERO, () -> 0);
		drain.start();
		assertThat(this.sockets.areStopping()).isFalse();

		drain.stop();
		assertThat(this.sockets.areStopping()).isTrue();
		drain.start();

		assertThat(this.sockets.areStopping()).isFalse();
		assertThat(drain.isRunning()).isTrue();
	}

	private GatedSocket socket(CountDownLatch reads) {
		GatedSocket socket = new GatedSocket(
				new WebSocketSessionDecorator(new StandardWebSocketSession(null, null, null, null)) {

					@Override
					public void sendMessage(WebSocketMessage<?> message) {
						try {
							reads.await();
							OutboundDrainTest.this.sent.incrementAndGet();
						}
						catch (InterruptedException ex) {
							Thread.currentThread().interrupt();
						}
					}

				}, new SocketLink(this.link), this.sockets, () -> null);
		this.link.add(socket);
		return socket;
	}

}
