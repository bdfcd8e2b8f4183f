package org.sessionlink.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.Deadlines;
import org.sessionlink.OnPurpose;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.LinkThreads;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Patience;
import org.sessionlink.wire.Payload;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B30 and B54: how the clients of a server are let go. */
class OutboundDrainTest {

	private static final OutboundSettings SETTINGS = new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO,
			Duration.ZERO, List.of());

	private final FakeClock clock = new FakeClock();

	private final LinkThreads threads = new LinkThreads();

	@AfterEach
	void stop() {
		this.threads.close();
	}

	@Test
	void socketsAreClosedAFewAtATimeAndAllOfThemWhenTheTimeIsOver() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		List<Peer> peers = server.open(5_000);

		assertThat(server.drain.begin()).isTrue();
		assertThat(server.links.isLeaving()).isTrue();
		assertThat(closed(peers)).isBetween(1, 100);

		this.clock.pass(Duration.ofSeconds(5));
		assertThat(closed(peers)).isBetween(2_400, 2_600);
		this.clock.pass(Duration.ofSeconds(5));

		assertThat(closed(peers)).isEqualTo(5_000);
		assertThat(peers).allSatisfy((peer) -> {
			assertThat(peer.closes).containsExactly(new CloseStatus(1001, "server-restart"));
			assertThat(peer.received).singleElement().asString().startsWith("ERROR\nmessage:server-restart\n");
		});
		assertThat(server.link.endCause()).as("it lives on elsewhere").isNull();
	}

	@Test
	void clientsThatGoAtTheSameMomentAreToldDifferentTimesToComeBackAfter() {
		Server server = new Server(this.clock, Duration.ZERO);
		List<Peer> peers = server.open(50);

		server.drain.begin();

		assertThat(peers).extracting(Peer::retryAfter).contains("1", "2", "3", "4", "5").doesNotContain("0");
		for (String hint : List.of("1", "2", "3", "4", "5")) {
			assertThat(peers).filteredOn((peer) -> hint.equals(peer.retryAfter())).hasSize(10);
		}
	}

	@Test
	void aFewClientsNeedNotWaitForTheTimeToBeOver() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		List<Peer> peers = server.open(30);

		server.drain.begin();
		this.clock.pass(Duration.ofMillis(100));

		assertThat(closed(peers)).isEqualTo(30);
	}

	@Test
	void whatBeginsTwiceGoesOnOnce() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		List<Peer> peers = server.open(5_000);

		assertThat(server.drain.begin()).isTrue();
		assertThat(server.drain.begin()).isFalse();
		this.clock.pass(Duration.ofSeconds(5));

		assertThat(closed(peers)).isBetween(2_400, 2_600);
	}

	@Test
	void whatIsTakenBackLeavesTheOthersOpenAndMayBeginAnew() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		server.drain.start();
		List<Peer> peers = server.open(5_000);
		server.drain.begin();
		this.clock.pass(Duration.ofSeconds(1));
		int before = closed(peers);

		assertThat(server.drain.cancel()).isTrue();
		assertThat(server.links.isLeaving()).isFalse();
		this.clock.pass(Duration.ofSeconds(20));
		assertThat(closed(peers)).isEqualTo(before);
		assertThat(server.drain.cancel()).isFalse();

		assertThat(server.drain.begin()).isTrue();
		this.clock.pass(Duration.ofSeconds(10));
		assertThat(closed(peers)).isEqualTo(5_000);
	}

	@Test
	void aSocketThatRegistersMeanwhileIsLetGoLikeTheOthers() throws Exception {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		server.drain.begin();
		Peer late = new Peer();
		new SocketLink(server.link).putInto(late.getAttributes());

		new GatedHandler(new AbstractWebSocketHandler() {
		}, server.sockets, () -> null).afterConnectionEstablished(late);

		assertThat(late.closes).containsExactly(new CloseStatus(1001, "server-restart"));
		assertThat(server.link.sockets()).isEmpty();
	}

	@Test
	void whatAClientHasNotReadYetGoesOutBeforeItsSocketIsClosedAndNothingBehindIt() {
		Server server = new Server(this.threads, Duration.ofSeconds(10));
		Peer peer = server.open(1).get(0);
		GatedSocket socket = server.sockets.open().get(0);
		IntStream.range(0, 10_000)
			.forEach((i) -> socket.deliver(Payload.of(new TextMessage("text")), false, () -> true,
					(i % 2 == 0) ? null : new Patience()));

		server.drain.stop();
		socket.deliver(Payload.of(new TextMessage("too late")), false, () -> true, null);

		assertThat(peer.received).hasSize(10_001).last().asString().startsWith("ERROR\n");
		assertThat(peer.closes).hasSize(1);
	}

	@Test
	void aStalledPeerHoldsTheStopUpNoLongerThanTheTimeAndAMoment() {
		Server server = new Server(this.threads, Duration.ZERO);
		Peer peer = server.open(1).get(0);
		peer.reads = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture
			.runAsync(() -> server.sockets.open().get(0).sendMessage(new TextMessage("never read")));
		await().until(() -> peer.isWrittenTo.getCount() == 0);

		CompletableFuture<Void> stop = CompletableFuture.runAsync(server.drain::stop);

		assertThat(stop).succeedsWithin(Deadlines.ANY);
		assertThat(peer.received).isEmpty();
		peer.reads.countDown();
		assertThat(writer).succeedsWithin(Deadlines.ANY);
	}

	@Test
	@OnPurpose("listeners of `SessionDisconnectEvent` run on the thread that closes a socket")
	void whoWaitsToHearOfAnEndHoldsNoOtherUpAndTheStopForAMomentAlone() throws Exception {
		Server server = new Server(this.threads, Duration.ZERO);
		CountDownLatch gate = new CountDownLatch(1);
		AtomicInteger told = new AtomicInteger();
		GatedHandler handler = new GatedHandler(new AbstractWebSocketHandler() {

			@Override
			public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
				assertThat(gate.await(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS)).isTrue();
				told.incrementAndGet();
			}

		}, server.sockets, () -> null);
		List<Peer> peers = Stream.generate(Peer::new).limit(40).toList();
		for (Peer peer : peers) {
			new SocketLink(server.link).putInto(peer.getAttributes());
			handler.afterConnectionEstablished(peer);
			// As containers do.
			peer.closed = (status) -> handler.afterConnectionClosed(peer, status);
		}

		CompletableFuture<Void> stop = CompletableFuture.runAsync(server.drain::finish);

		await().untilAsserted(() -> assertThat(peers).allMatch((peer) -> peer.closes.size() == 1));
		assertThat(server.link.sockets()).isEmpty();
		assertThat(told).hasValue(0);
		gate.countDown();
		assertThat(stop).succeedsWithin(Deadlines.ANY);
		await().untilAsserted(() -> assertThat(told).hasValue(40));
		await().untilAsserted(() -> assertThat(server.sockets.open()).isEmpty());
	}

	@Test
	void aStopWaitsUntilListenersHaveHeardOfTheEnds() throws Exception {
		Server server = new Server(this.threads, Duration.ofMinutes(1));
		AtomicInteger told = new AtomicInteger();
		GatedHandler handler = new GatedHandler(new AbstractWebSocketHandler() {

			@Override
			public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
				TimeUnit.MILLISECONDS.sleep(20);
				told.incrementAndGet();
			}

		}, server.sockets, () -> null);
		for (int i = 0; i < 20; i++) {
			Peer peer = new Peer();
			new SocketLink(server.link).putInto(peer.getAttributes());
			handler.afterConnectionEstablished(peer);
			peer.closed = (status) -> handler.afterConnectionClosed(peer, status);
		}

		server.drain.finish();

		assertThat(told).hasValue(20);
	}

	@Test
	void aStopWaitsForNobodyWhereNobodyIsConnected() {
		// Its clock stands still: whatever waited would do so for ever.
		Server server = new Server(this.clock, Duration.ofHours(1));
		server.drain.start();

		assertThat(CompletableFuture.runAsync(server.drain::stop)).succeedsWithin(Deadlines.ANY);
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aStopGoesOnWithWhatAnOperatorHasBegunAndIsNotTakenBack() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		server.drain.start();
		List<Peer> peers = server.open(5_000);
		server.drain.begin();
		this.clock.pass(Duration.ofSeconds(10));

		CompletableFuture<Void> stop = CompletableFuture.runAsync(server.drain::stop);

		assertThat(stop).succeedsWithin(Deadlines.ANY);
		assertThat(peers).allMatch((peer) -> peer.closes.size() == 1);
		assertThat(server.drain.cancel()).isFalse();
		assertThat(server.links.isLeaving()).isTrue();
	}

	@Test
	void aSocketWhoseSessionEndsMeanwhileIsClosedOnce() {
		Server server = new Server(this.clock, Duration.ofSeconds(10));
		List<Peer> peers = server.open(100);
		server.drain.begin();

		server.link.end(EndCause.KICKED);
		this.clock.pass(Duration.ofSeconds(10));

		assertThat(peers).allMatch((peer) -> peer.closes.size() == 1);
		assertThat(peers).extracting((peer) -> peer.closes.get(0).getReason())
			.contains("server-restart", "session-kicked");
	}

	@Test
	void aServerThatHasStartedAgainDoesNotSayThatItGoesDown() {
		Server server = new Server(this.clock, Duration.ZERO);
		server.drain.start();
		assertThat(server.sockets.areStopping()).isFalse();

		server.drain.stop();
		assertThat(server.sockets.areStopping()).isTrue();
		assertThat(server.links.isLeaving()).isTrue();
		server.drain.start();

		assertThat(server.sockets.areStopping()).isFalse();
		assertThat(server.links.isLeaving()).isFalse();
		assertThat(server.drain.isRunning()).isTrue();
	}

	private static int closed(List<Peer> peers) {
		return (int) peers.stream().filter((peer) -> !peer.closes.isEmpty()).count();
	}

	/** One that may leave. */
	private static final class Server {

		private final Links links;

		private final Link link;

		private final Sockets sockets;

		private final OutboundDrain drain;

		Server(LinkClock clock, Duration period) {
			this.links = new Links(clock, LinkPolicy.DEFAULT);
			this.link = this.links.open("key", "id", Home.GONE);
			this.sockets = new Sockets(SETTINGS, new Writers(clock), clock);
			this.drain = new OutboundDrain(this.links, this.sockets, clock, new DrainSettings(period), () -> 0);
		}

		List<Peer> open(int count) {
			List<Peer> peers = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Peer peer = new Peer();
				GatedSocket socket = new GatedSocket(peer, new SocketLink(this.link), this.sockets, () -> null);
				this.sockets.add(socket);
				this.link.add(socket);
				peers.add(peer);
			}
			return peers;
		}

	}

	/** The other end of a socket. */
	private static final class Peer extends WebSocketSessionDecorator {

		private static final AtomicInteger count = new AtomicInteger();

		private final String id = "peer-" + count.incrementAndGet();

		private final List<String> received = Collections.synchronizedList(new ArrayList<>());

		private final List<CloseStatus> closes = Collections.synchronizedList(new ArrayList<>());

		private final CountDownLatch isWrittenTo = new CountDownLatch(1);

		private volatile CountDownLatch reads = new CountDownLatch(0);

		private volatile Closed closed = (status) -> {
		};

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		@Override
		public String getId() {
			return this.id;
		}

		private String retryAfter() {
			return this.received.get(0).replaceAll("(?s).*\nretry-after:(\\d+)\n.*", "$1");
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			this.isWrittenTo.countDown();
			try {
				if (this.reads.await(Deadlines.ANY.toSeconds(), TimeUnit.SECONDS)) {
					this.received.add(String.valueOf(message.getPayload()));
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		@Override
		public void close(CloseStatus status) {
			this.closes.add(status);
			try {
				this.closed.by(status);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

		/** What hears of it. */
		private interface Closed {

			void by(CloseStatus status) throws Exception;

		}

	}

}
