package org.sessionlink.outbound;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sessionlink.link.CloseCause;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketClosed;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.TrafficSum;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.sockjs.transport.SockJsSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** B53: what is said of each socket that has closed, once. */
class CloseDecisionTest {

	private static final int TIMES = 500;

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	private final SocketLink socketLink = new SocketLink(this.link, new Identity(() -> "ada", Set.of()), "id",
			"192.0.2.1", "Lynx/2.9", (principal) -> new Identity(principal, Set.of()));

	private final Sockets sockets = new Sockets(
			new OutboundSettings(false, Duration.ZERO, 10, Duration.ZERO, Duration.ofSeconds(10), List.of()),
			new Writers(this.clock), this.clock);

	private final Peer peer = new Peer();

	private final GatedHandler handler = new GatedHandler(new TextWebSocketHandler(), this.sockets, () -> null);

	private final List<SocketClosed> closed = new CopyOnWriteArrayList<>();

	@BeforeEach
	void listen() {
		this.links.whenClosed(this.closed::add);
		this.socketLink.putInto(this.peer.getAttributes());
	}

	@Test
	void aSocketThatClosesIsToldOfOnceWithAllThatIsKnown() throws Exception {
		GatedSocket socket = open();
		this.socketLink.subscriptions().add("1", "/topic/a", 0);
		this.socketLink.traffic().received(2, 30);
		socket.sendMessage(new TextMessage("MESSAGE\n\n\0"));
		this.clock.pass(Duration.ofSeconds(7));

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);
		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertThat(this.closed).singleElement()
			.isEqualTo(new SocketClosed(socket.id(), this.link, "ada", 1000, CloseCause.CLIENT_CLOSED,
					this.socketLink.openedAt(), Duration.ofSeconds(7), Duration.ofSeconds(7),
					new TrafficSum(2, 30, 1, 10), 0, 1, "192.0.2.1", "Lynx/2.9"));
		assertThat(this.links.counts().closes("1000", CloseCause.CLIENT_CLOSED)).isOne();
		assertThat(this.links.counts().socketsOpened()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "1000, client-closed", "1001, client-closed", "1005, client-closed", "3999, client-closed",
			"1006, connection-lost", "1002, protocol-error", "1009, protocol-error", "1011, client-closed" })
	void whereNobodyHereHasDecidedTheContainersWordCounts(int code, String cause) throws Exception {
		open();

		this.handler.afterConnectionClosed(this.peer, new CloseStatus(code));

		assertClosed(code, cause);
	}

	@Test
	void whoSaysDisconnectHasDecidedHoweverItCloses() throws Exception {
		open();
		this.socketLink.closesFor(CloseCause.CLIENT_DISCONNECTED);

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NO_CLOSE_FRAME);

		assertClosed(1006, "client-disconnected");
	}

	@Test
	void anEndDecidesWhateverTheContainerSaysLater() throws Exception {
		open();

		this.link.end(EndCause.KICKED);
		this.handler.afterConnectionClosed(this.peer, CloseStatus.NO_CLOSE_FRAME);

		assertClosed(1008, "session-kicked");
	}

	@Test
	void whatIsRefusedDecides() throws Exception {
		open();
		this.clock.pass(Duration.ofSeconds(10));

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertClosed(1008, Refused.CONNECT_TIMEOUT.code());
	}

	@Test
	void theApplicationDecides() throws Exception {
		open().close(new CloseStatus(4001, "own words"));

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertClosed(4001, "application-closed");
		assertThat(this.links.counts().closes("other", CloseCause.APPLICATION)).isOne();
	}

	@Test
	void theServerThatStopsDecides() throws Exception {
		GatedSocket socket = open();
		this.sockets.stopping(true);

		socket.close(CloseStatus.GOING_AWAY);
		this.handler.afterConnectionClosed(this.peer, CloseStatus.GOING_AWAY);

		assertClosed(1001, "server-restart");
	}

	@Test
	void aContainerThatClosesAsTheServerLeavesIsNoClient() throws Exception {
		open();
		this.links.leaving(true);

		this.handler.afterConnectionClosed(this.peer, CloseStatus.GOING_AWAY);

		assertClosed(1001, "server-restart");
	}

	@Test
	void aSocketWhoseCloseNobodyHearsOfIsToldOfAsTheServerHasStopped() throws Exception {
		open();
		this.sockets.stopping(true);

		this.sockets.destroy();
		this.handler.afterConnectionClosed(this.peer, CloseStatus.NO_CLOSE_FRAME);

		assertClosed(1001, "server-restart");
	}

	@Test
	void whatHasFailedDecidesWhereItClosesTheSocket() throws Exception {
		open();
		this.socketLink.failedFor(CloseCause.SERVER_ERROR);

		this.handler.afterConnectionClosed(this.peer, CloseStatus.SERVER_ERROR);

		assertClosed(1011, "server-error");
	}

	@Test
	void whatHasFailedBeforeIsNoReasonWhereTheClientCloses() throws Exception {
		open();
		this.socketLink.failedFor(CloseCause.SERVER_ERROR);

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertClosed(1000, "client-closed");
	}

	@Test
	void aUserWhoCannotSayTheirNameIsClosedAndToldOfLikeAnyOther() throws Exception {
		boolean[] failing = new boolean[1];
		SocketLink nameless = new SocketLink(this.link, new Identity(() -> {
			if (failing[0]) {
				throw new IllegalStateException("on purpose");
			}
			return "ada";
		}, Set.of()), "id", "192.0.2.1", "Lynx/2.9", (principal) -> new Identity(principal, Set.of()));
		nameless.putInto(this.peer.getAttributes());
		open();
		failing[0] = true;

		this.link.end(EndCause.KICKED);
		this.handler.afterConnectionClosed(this.peer, CloseStatus.NO_CLOSE_FRAME);

		assertClosed(1008, "session-kicked");
		assertThat(this.closed).extracting(SocketClosed::principal).containsOnlyNulls();
		assertThat(this.peer.status).isEqualTo(CloseStatus.POLICY_VIOLATION.withReason("session-kicked"));
		assertThat(this.link.sockets()).isEmpty();
		assertThat(this.sockets.find(this.peer.getId())).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "3000", "1011" })
	void aClientOfSockJsThatAsksForNothingMoreOrCannotBeWrittenToIsLost(int code) throws Exception {
		Map<String, Object> attributes = new HashMap<>(this.peer.getAttributes());
		SockJsSession session = (SockJsSession) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { SockJsSession.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getId" -> "sockjs";
					case "getAttributes" -> attributes;
					default -> throw new UnsupportedOperationException(method.getName());
				});
		this.handler.afterConnectionEstablished(session);

		this.socketLink.failedFor(CloseCause.CONNECTION_LOST);
		this.handler.afterConnectionClosed(session, new CloseStatus(code, "Go away!"));

		assertClosed(1006, "connection-lost");
	}

	@Test
	void aConnectionThatBreaksIsLost() throws Exception {
		GatedSocket socket = open();

		socket.broken(new IOException("Broken pipe"));
		this.handler.afterConnectionClosed(this.peer, new CloseStatus(1011));

		assertClosed(1006, "connection-lost");
	}

	@Test
	void aSlowConsumerIsOne() throws Exception {
		open().tooSlow();

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NO_CLOSE_FRAME);

		assertClosed(1013, "slow-consumer");
	}

	@Test
	void aSocketThatHasNoRoomOpensAndClosesOnce() throws Exception {
		this.link.end(EndCause.ENDED);
		open();

		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertClosed(1008, "session-ended");
	}

	@Test
	void aTwinIsNotOpenedAndItsCloseIsNotThatOfTheOther() throws Exception {
		open();
		Peer twin = new Peer(this.peer);
		this.socketLink.putInto(twin.getAttributes());

		this.handler.afterConnectionEstablished(twin);
		this.handler.afterConnectionClosed(twin, CloseStatus.POLICY_VIOLATION);
		assertThat(this.closed).isEmpty();
		this.handler.afterConnectionClosed(this.peer, CloseStatus.NORMAL);

		assertClosed(1000, "client-closed");
		assertThat(this.links.counts().socketsOpened()).isOne();
	}

	@Test
	void anApplicationThatFailsAsASocketOpensOrClosesHidesNothing() throws Exception {
		GatedHandler failing = new GatedHandler(new TextWebSocketHandler() {

			@Override
			public void afterConnectionEstablished(WebSocketSession session) {
				throw new IllegalStateException("on purpose");
			}

			@Override
			public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
				throw new IllegalStateException("on purpose");
			}

		}, this.sockets, () -> null);

		assertThat(catchThrowable(() -> failing.afterConnectionEstablished(this.peer))).hasMessage("on purpose");
		this.socketLink.failedFor(CloseCause.SERVER_ERROR);
		failing.afterConnectionClosed(this.peer, CloseStatus.SERVER_ERROR);

		assertClosed(1011, "server-error");
	}

	@Test
	void whoIsOvertakenWhileTheyLookHasNotDecided() {
		CloseDecision[] decision = new CloseDecision[1];
		AtomicBoolean overtaken = new AtomicBoolean();
		decision[0] = new CloseDecision(this.socketLink, () -> {
			if (overtaken.compareAndSet(false, true)) {
				decision[0].say("one", CloseStatus.NO_CLOSE_FRAME, false);
			}
			return 0;
		});

		assertThat(decision[0].make(CloseStatus.NORMAL, CloseCause.APPLICATION)).isFalse();
		decision[0].say("one", CloseStatus.NORMAL, false);

		assertClosed(1006, "connection-lost");
	}

	@Test
	void ofTwoThatDecideAtOnceOneDoesAndIsToldOfOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < TIMES; i++) {
				this.closed.clear();
				CloseDecision decision = new CloseDecision(this.socketLink, () -> 0);
				CyclicBarrier together = new CyclicBarrier(2);

				Future<Boolean> here = threads.submit(() -> {
					together.await();
					boolean first = decision.make(CloseStatus.NORMAL, CloseCause.APPLICATION);
					decision.say("one", CloseStatus.NORMAL, false);
					return first;
				});
				Future<?> there = threads.submit(() -> {
					together.await();
					decision.say("one", CloseStatus.NO_CLOSE_FRAME, false);
					return null;
				});
				there.get(10, TimeUnit.SECONDS);

				String cause = here.get(10, TimeUnit.SECONDS) ? "application-closed" : "connection-lost";
				assertThat(this.closed).extracting((socket) -> socket.cause().word()).containsExactly(cause);
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private GatedSocket open() throws Exception {
		this.handler.afterConnectionEstablished(this.peer);
		return GatedSocket.in(this.peer.getAttributes());
	}

	private void assertClosed(int code, String cause) {
		assertThat(this.closed).singleElement().satisfies((socket) -> {
			assertThat(socket.code()).isEqualTo(code);
			assertThat(socket.cause().word()).isEqualTo(cause);
		});
	}

	/** Takes what goes over it. */
	private static final class Peer extends WebSocketSessionDecorator {

		private final String id;

		private CloseStatus status;

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
			this.id = super.getId();
		}

		Peer(Peer twin) {
			super(new StandardWebSocketSession(null, null, null, null));
			this.id = twin.id;
		}

		@Override
		public String getId() {
			return this.id;
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			// Written at once.
		}

		@Override
		public void close(CloseStatus status) {
			this.status = status;
			// The test says to the handler what the container would.
		}

	}

}
