package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.Lincheck;
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
import org.sessionlink.link.Midnight;
import org.sessionlink.link.Racing;
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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** B53: what is said of each socket that has closed, once. */
class CloseDecisionTest {

	private static final int ORDERS = 200;

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
			"1006, connection-lost", "1002, protocol-error", "1009, protocol-error", "1011, server-error" })
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
		failing.afterConnectionClosed(this.peer, CloseStatus.SERVER_ERROR);

		assertClosed(1011, "server-error");
	}

	@Test
	void ofTwoThatDecideAtOnceOneDoesAndIsToldOfOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			AtomicInteger decided = new AtomicInteger();
			AtomicInteger told = new AtomicInteger();
			Links own = new Links(new Midnight(), LinkPolicy.DEFAULT);
			CloseCause[] cause = new CloseCause[1];
			own.whenClosed((socket) -> {
				told.incrementAndGet();
				cause[0] = socket.cause();
			});
			CloseDecision decision = new CloseDecision(new SocketLink(own.open("key", "id", Home.GONE)), () -> 0);

			Racing.together(() -> {
				if (decision.make(CloseStatus.NORMAL, CloseCause.APPLICATION)) {
					decided.incrementAndGet();
				}
				decision.say("one", CloseStatus.NORMAL, false);
			}, () -> decision.say("one", CloseStatus.NO_CLOSE_FRAME, false));

			boolean here = cause[0] == CloseCause.APPLICATION;
			if (told.get() != 1 || here != (decided.get() == 1)) {
				throw new AssertionError(told + " times, for " + cause[0]);
			}
		});
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
			// The test says to the handler what the container would.
		}

	}

}
