package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.wire.Payload;
import org.sessionlink.wire.Writers;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.PingMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;

import static org.assertj.core.api.Assertions.assertThat;

class GatedSocketTest {

	private static final Duration CONNECT_TIME = Duration.ofSeconds(10);

	private static final Duration SEND_TIME = Duration.ofSeconds(10);

	/** So long does the connection of a closed socket stay at most. */
	private static final Duration LINGERING = Duration.ofSeconds(5);

	private static final OutboundSettings SETTINGS = new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO,
			CONNECT_TIME, List.of());

	private final SubscriptionControl subscriptions = new SubscriptionControl((message, timeout) -> true, (event) -> {
	}, null, null, (changed) -> {
	});

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	private final Wire wire = new Wire();

	private final Sockets sockets = new Sockets(SETTINGS, new Writers(this.clock), this.clock);

	private final GatedSocket socket = new GatedSocket(this.wire, new SocketLink(this.link), this.sockets,
			() -> this.subscriptions);

	@Test
	void messagesPassWhileTheLinkIsOpen() throws Exception {
		this.socket.sendMessage(new TextMessage("one"));

		assertThat(this.wire.sent).containsExactly("one");
	}

	@ParameterizedTest
	@EnumSource(EndCause.class)
	void afterTheEndNothingPassesButTheGoodbye(EndCause cause) throws Exception {
		this.link.add(this.socket);

		this.link.end(cause);
		this.socket.sendMessage(new TextMessage("too late"));

		assertThat(this.wire.sent).singleElement()
			.asString()
			.startsWith("ERROR\nmessage:" + cause.reason() + "\n")
			.endsWith("\0");
		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, cause.reason()));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aClientWhoseRefusedFrameMeetsTheEndIsToldOnce(boolean endsFirst) throws Exception {
		this.link.add(this.socket);
		String refused = "ERROR\nmessage:frame-too-large\n\n\0";
		if (endsFirst) {
			this.link.end(EndCause.ENDED);
		}

		this.socket.sendMessage(new TextMessage(refused));
		this.link.end(EndCause.ENDED);
		this.socket.close(CloseStatus.POLICY_VIOLATION);

		assertThat(this.wire.sent).singleElement()
			.asString()
			.startsWith("ERROR\nmessage:" + (endsFirst ? "session-ended" : "frame-too-large"));
		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "session-ended"));
	}

	@Test
	void aClientIsToldOnceWhateverElseClosesItsSocket() throws Exception {
		this.socket.sendMessage(new TextMessage("ERROR\nmessage:frame-too-large\n\n\0"));

		this.socket.tooSlow();

		assertThat(this.wire.sent).containsExactly("ERROR\nmessage:frame-too-large\n\n\0");
		assertThat(this.wire.closes).containsExactly(new CloseStatus(1013, "slow-consumer"));
	}

	@Test
	void theGateShutsBeforeTheClosingIsUnderWay() throws Exception {
		this.link.end(EndCause.ENDED);

		this.socket.sendMessage(new TextMessage("too late"));

		assertThat(this.wire.sent).isEmpty();
	}

	@Test
	void aClientThatHasSubscribedIsToldBeforeTheError() {
		this.socket.socketLink().subscriptions().add("7", "/user/queue/session", 0);
		this.link.add(this.socket);

		this.link.end(EndCause.KICKED);

		assertThat(this.wire.sent.get(0)).startsWith("MESSAGE\nsubscription:7\n")
			.contains("{\"event\":\"ENDED\",\"cause\":\"session-kicked\"}\0ERROR\nmessage:session-kicked\n");
	}

	@ParameterizedTest
	@CsvSource({ "1.0, a:b", "1.1, a\\cb", "1.2, a\\cb" })
	void aClientIsToldUnderTheIdAsItsVersionWritesIt(String version, String written) {
		this.socket.socketLink().connected(version);
		this.socket.socketLink().subscriptions().add("a:b", "/user/queue/session", 0);
		this.link.add(this.socket);

		this.link.end(EndCause.KICKED);

		assertThat(this.wire.sent.get(0)).startsWith("MESSAGE\nsubscription:" + written + "\n")
			.contains("\ncontent-length:42\n\n{\"event\":\"ENDED\",\"cause\":\"session-kicked\"}\0ERROR\n");
	}

	@Test
	void aClientThatHasSubscribedTwiceIsToldUnderBothSubscriptions() {
		this.socket.socketLink().subscriptions().add("7", "/user/queue/session", 0);
		this.socket.socketLink().subscriptions().add("8", "/user/queue/session", 0);
		this.link.add(this.socket);

		this.link.end(EndCause.KICKED);

		assertThat(this.wire.sent.get(0)).containsOnlyOnce("MESSAGE\nsubscription:7\n")
			.containsOnlyOnce("MESSAGE\nsubscription:8\n");
	}

	@Test
	void aClientIsToldWhereTheApplicationHasItsUsersDestinations() {
		Sockets elsewhere = new Sockets(SETTINGS, new Writers(this.clock), this.clock, () -> "/me/");
		GatedSocket socket = new GatedSocket(this.wire, this.socket.socketLink(), elsewhere, () -> null);
		socket.socketLink().subscriptions().add("7", "/me/queue/session", 0);
		this.link.add(socket);

		this.link.end(EndCause.KICKED);

		assertThat(this.wire.sent.get(0)).startsWith("MESSAGE\nsubscription:7\n")
			.contains("destination:/me/queue/session\n");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1002, 1011, 4500 })
	void whoeverClosesASocketOfALinkThatHasEndedTheStatusIsThatOfTheEnd(int status) throws Exception {
		this.link.end(EndCause.EXPIRED);

		this.socket.close(new CloseStatus(status));
		this.socket.close();
		this.socket.end(EndCause.EXPIRED);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "session-expired"));
		assertThat(this.wire.sent).hasSize(1);
	}

	@Test
	void aServerThatGoesDownSaysSo() throws Exception {
		this.sockets.stopping(true);

		this.socket.close(CloseStatus.GOING_AWAY);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1001, "server-restart"));
		assertThat(this.wire.sent.get(0)).startsWith("ERROR\nmessage:server-restart\n").contains("\nretry-after:1\n");
		assertThat(this.link.endCause()).isNull();
	}

	@Test
	void eachClientIsToldAnotherTimeToComeBackAfter() throws Exception {
		this.sockets.stopping(true);
		for (int i = 0; i < 6; i++) {
			GatedSocket one = new GatedSocket(this.wire, new SocketLink(this.link), this.sockets,
					() -> this.subscriptions);
			one.close(CloseStatus.GOING_AWAY);
		}

		assertThat(this.wire.sent).extracting((error) -> error.replaceAll("(?s).*retry-after:(\\d+)\n.*", "$1"))
			.containsExactly("1", "2", "3", "4", "5", "1");
	}

	@Test
	void whoeverElseSaysThatAPartyGoesAwayDoesNotSpeakOfTheServer() throws Exception {
		this.socket.close(CloseStatus.GOING_AWAY.withReason("for lunch"));

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1001, "for lunch"));
		assertThat(this.wire.sent).isEmpty();
	}

	@Test
	void otherwiseTheStatusIsWhatItWas() throws Exception {
		this.socket.close(CloseStatus.SERVER_ERROR);

		assertThat(this.wire.closes).containsExactly(CloseStatus.SERVER_ERROR);
	}

	@Test
	void aSocketWhoseFrameWasRefusedIsClosedAsAViolationOfPolicyAndNotOfWebSocket() throws Exception {
		this.socket.close(CloseStatus.PROTOCOL_ERROR);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "frame-refused"));
	}

	@Test
	void aPeerThatDoesNotReadIsClosedWithoutAGoodbye() throws Exception {
		this.link.add(this.socket);
		this.wire.stalled = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send("stalled"));
		assertThat(this.wire.writing.await(10, TimeUnit.SECONDS)).isTrue();

		this.link.end(EndCause.ENDED);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "session-ended"));
		this.wire.stalled.countDown();
		writer.get(10, TimeUnit.SECONDS);
		assertThat(this.wire.sent).isEmpty();
	}

	@Test
	void aClientThatSaysGoodbyeAndDoesNotReadIsClosedAllTheSame() throws Exception {
		Sockets impatient = new Sockets(
				new OutboundSettings(false, Duration.ZERO, 0, SEND_TIME, CONNECT_TIME, List.of()),
				new Writers(this.clock), this.clock);
		GatedSocket left = new GatedSocket(this.wire, new SocketLink(this.link), impatient, () -> this.subscriptions);
		this.link.add(left);
		this.wire.stalled = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> left.sendMessage(new TextMessage("stalled")));
		assertThat(this.wire.writing.await(10, TimeUnit.SECONDS)).isTrue();

		left.close(CloseStatus.NORMAL);
		this.clock.pass(SEND_TIME);
		this.link.end(EndCause.ENDED);

		assertThat(this.wire.closes).hasSize(1);
		this.wire.stalled.countDown();
		writer.get(10, TimeUnit.SECONDS);
	}

	@Test
	void aSocketIsPingedWhileItsLinkIsOpen() {
		this.socket.ping();
		this.link.end(EndCause.ENDED);
		this.socket.ping();

		assertThat(this.wire.sent).containsExactly("ping");
	}

	@Test
	void aSocketThatIsBeingWrittenToNeedsNoPing() throws Exception {
		this.wire.stalled = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> send("stalled"));
		assertThat(this.wire.writing.await(10, TimeUnit.SECONDS)).isTrue();

		this.socket.ping();

		this.wire.stalled.countDown();
		writer.get(10, TimeUnit.SECONDS);
		assertThat(this.wire.sent).containsExactly("stalled");
	}

	@Test
	void aClientThatReadsTooSlowlyMayComeBackAtOnce() {
		this.socket.tooSlow();
		this.socket.sendMessage(new TextMessage("too late"));

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1013, "slow-consumer"));
		assertThat(this.wire.sent).singleElement().asString().startsWith("ERROR\nmessage:slow-consumer\n");
		assertThat(this.links.refusals()).containsEntry(Refused.SLOW_CONSUMER, 1L);
	}

	@Test
	void whatSpringFindsSlowIsToldSoInTheSameWords() throws Exception {
		this.socket.close(CloseStatus.SESSION_NOT_RELIABLE);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1013, "slow-consumer"));
	}

	@Test
	void aSocketFromBeforeALoginIsClosedOnceAndItsClientComesBackAtOnce() {
		this.link.add(this.socket);

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(new Identity(() -> "ada", Set.of("STAFF")));
		this.link.identify(new Identity(() -> "ada", Set.of("STAFF", "ADMIN")));

		assertThat(this.wire.sent).singleElement()
			.asString()
			.startsWith("ERROR\n")
			.contains("\nmessage:session-renewed\n", "\nretry-after:0\n");
		assertThat(this.wire.closes).containsExactly(new CloseStatus(1013, "session-renewed"));
		assertThat(this.links.refusals()).containsEntry(Refused.SESSION_RENEWED, 1L);
		assertThat(this.socket.getPrincipal()).isNull();
	}

	@Test
	void itIsSoWhateverComesFirst() {
		this.link.add(this.socket);

		this.link.identify(new Identity(() -> "ada", Set.of("STAFF")));
		assertThat(this.wire.closes).isEmpty();
		this.link.moveTo(Home.GONE, "new");

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1013, "session-renewed"));
	}

	@Test
	void whereAnotherUserClosesSocketsTheLoginDoesSoInTheSameWords() {
		Sockets closing = new Sockets(
				new OutboundSettings(true, Duration.ZERO, 0, Duration.ZERO, CONNECT_TIME, List.of()),
				new Writers(this.clock), this.clock);
		GatedSocket strict = new GatedSocket(this.wire, new SocketLink(this.link), closing, () -> this.subscriptions);
		this.link.add(strict);

		this.link.moveTo(Home.GONE, "new");
		this.link.identify(new Identity(() -> "ada", Set.of("STAFF")));

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "session-user-changed"));
	}

	@Test
	void aSocketWithALoginOfItsOwnIsNotClosedForWhatTheHttpSessionDoes() {
		Sockets closing = new Sockets(
				new OutboundSettings(true, Duration.ZERO, 0, Duration.ZERO, CONNECT_TIME, List.of()),
				new Writers(this.clock), this.clock);
		SocketLink socketLink = new SocketLink(this.link);
		this.link.add(new GatedSocket(this.wire, socketLink, closing, () -> this.subscriptions));
		socketLink.loggedIn(new Identity(() -> "device", Set.of()));

		this.link.moveTo(Home.GONE, "another id");

		assertThat(this.wire.closes).isEmpty();
	}

	@Test
	void whatWaitsForASubscriptionThatItsClientHasEndedGoesNowhereOnceTheRoleIsLost() throws Exception {
		SocketLink socketLink = new SocketLink(this.link);
		GatedSocket staff = new GatedSocket(this.wire, socketLink, this.sockets, () -> this.subscriptions);
		this.link.add(staff);
		socketLink.subscriptions().add("1", "/topic/staff", 0);
		Subscription ended = socketLink.subscriptions().get("1");
		this.wire.stalled = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture
			.runAsync(() -> staff.sendMessage(new TextMessage("stalled")));
		assertThat(this.wire.writing.await(10, TimeUnit.SECONDS)).isTrue();
		staff.deliver(Payload.of(new TextMessage("secret")), false, ended, null);

		socketLink.subscriptions().remove("1");
		this.link.identify(new Identity(() -> "somebody else", Set.of()));
		this.wire.stalled.countDown();
		writer.get(10, TimeUnit.SECONDS);

		assertThat(this.wire.sent).containsExactly("stalled");
	}

	@Test
	void aSocketThatCannotBeWrittenToIsClosedQuietly() {
		this.socket.broken(new IOException("gone"));

		assertThat(this.wire.closes).containsExactly(CloseStatus.SERVER_ERROR);
		assertThat(this.wire.sent).isEmpty();
	}

	@Test
	void aSocketThatDoesNotConnectInTimeIsClosed() throws Exception {
		GatedHandler handler = open(new SocketLink(this.link));
		this.clock.pass(CONNECT_TIME.minusNanos(1));
		assertThat(this.wire.closes).isEmpty();

		this.clock.pass(Duration.ofNanos(1));

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "connect-timeout"));
		assertThat(this.links.refusals()).containsEntry(Refused.CONNECT_TIMEOUT, 1L);
		handler.afterConnectionClosed(this.wire, CloseStatus.NORMAL);
		this.clock.pass(LINGERING);
		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aSocketThatHasConnectedStays() throws Exception {
		SocketLink connected = new SocketLink(this.link);
		open(connected);

		connected.connected("1.2");
		this.clock.pass(CONNECT_TIME);

		assertThat(this.wire.closes).isEmpty();
	}

	@Test
	void aSocketThatIsClosedAsItOpensIsNotWaitedFor() throws Exception {
		this.socket.close(CloseStatus.NORMAL);
		this.clock.pass(LINGERING);

		this.socket.awaitConnect();

		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aSocketThatIsBrokenIsNotWaitedFor() {
		this.socket.awaitConnect();
		assertThat(this.clock.waiting()).isOne();

		this.socket.broken(new IOException("gone"));
		this.clock.pass(LINGERING);

		assertThat(this.clock.waiting()).isZero();
	}

	@Test
	void aSocketThatClosesOrWhoseLinkEndsLeavesNoTimerBehind() throws Exception {
		open(new SocketLink(this.link)).afterConnectionClosed(this.wire, CloseStatus.NORMAL);
		assertThat(this.clock.waiting()).isZero();
		open(new SocketLink(this.link));
		assertThat(this.clock.waiting()).isOne();

		this.link.end(EndCause.ENDED);
		this.clock.pass(LINGERING);

		// That which forgets the link.
		assertThat(this.clock.waiting()).isOne();
	}

	@Test
	void aCloseThatWaitsForItsPeerDoesNotWaitForEver() {
		AtomicLong waiting = new AtomicLong();
		this.wire.closing = () -> waiting.set(this.clock.waiting());

		this.socket.close(CloseStatus.NORMAL);

		// What breaks the connection off, as the close begins.
		assertThat(waiting).hasValue(1);
	}

	private GatedHandler open(SocketLink socketLink) throws Exception {
		socketLink.putInto(this.wire.getAttributes());
		GatedHandler handler = new GatedHandler(new TextWebSocketHandler(), this.sockets, () -> this.subscriptions);
		handler.afterConnectionEstablished(this.wire);
		return handler;
	}

	@Test
	void aSocketThatIsGoneDoesNotStopTheOthers() {
		GatedSocket gone = new GatedSocket(new Wire() {

			@Override
			public void sendMessage(WebSocketMessage<?> message) throws IOException {
				throw new IOException("gone");
			}

			@Override
			public void close(CloseStatus status) {
				throw new IllegalStateException("gone");
			}

		}, new SocketLink(this.link), this.sockets, () -> this.subscriptions);
		this.link.add(gone);
		this.link.add(this.socket);

		this.link.end(EndCause.ENDED);

		assertThat(this.wire.closes).hasSize(1);
	}

	@Test
	void aSocketThatOpensUnderALinkThatHasEndedIsClosedAtOnce() throws Exception {
		new SocketLink(this.link).putInto(this.wire.getAttributes());
		this.link.end(EndCause.ENDED);

		new GatedHandler(new TextWebSocketHandler(), this.sockets, () -> this.subscriptions)
			.afterConnectionEstablished(this.wire);

		assertThat(this.wire.closes).containsExactly(new CloseStatus(1008, "session-ended"));
		assertThat(this.link.sockets()).isEmpty();
	}

	@Test
	void aSocketThatClosesIsForgotten() throws Exception {
		new SocketLink(this.link).putInto(this.wire.getAttributes());
		GatedHandler handler = new GatedHandler(new TextWebSocketHandler(), this.sockets, () -> this.subscriptions);
		handler.afterConnectionEstablished(this.wire);
		assertThat(this.link.sockets()).hasSize(1);

		handler.afterConnectionClosed(this.wire, CloseStatus.NORMAL);
		handler.afterConnectionClosed(this.wire, CloseStatus.NORMAL);

		assertThat(this.link.sockets()).isEmpty();
	}

	private void send(String text) {
		this.socket.sendMessage(new TextMessage(text));
	}

	/** Remembers what goes over it, and stalls where it is told to. */
	private static class Wire extends WebSocketSessionDecorator {

		private final List<String> sent = new CopyOnWriteArrayList<>();

		private final List<CloseStatus> closes = new CopyOnWriteArrayList<>();

		private final CountDownLatch writing = new CountDownLatch(1);

		private volatile CountDownLatch stalled = new CountDownLatch(0);

		private Runnable closing = () -> {
		};

		Wire() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) throws IOException {
			this.writing.countDown();
			try {
				this.stalled.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			this.sent.add((message instanceof PingMessage) ? "ping" : (String) message.getPayload());
		}

		@Override
		public void close(CloseStatus status) {
			this.closes.add(status);
			this.closing.run();
		}

	}

}
