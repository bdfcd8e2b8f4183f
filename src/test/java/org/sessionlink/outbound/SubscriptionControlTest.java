package org.sessionlink.outbound;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Subscriptions;
import org.sessionlink.wire.Writers;

import org.springframework.context.ApplicationEvent;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.handler.WebSocketSessionDecorator;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** B12, B13 and B41: what is taken away, and who is told of it. */
class SubscriptionControlTest {

	private static final Identity STAFF = new Identity(() -> "ada", Set.of("STAFF"));

	private static final Identity GUEST = new Identity(() -> "ada", Set.of());

	private final List<Message<?>> toBroker = new ArrayList<>();

	private final List<Object> events = new ArrayList<>();

	private final List<UserChangedEvent> users = new ArrayList<>();

	private final List<Map<String, ?>> notices = new ArrayList<>();

	private Throwable failure;

	private Throwable policyFailure;

	private final FakeClock clock = new FakeClock();

	private final Links links = new Links(this.clock, LinkPolicy.DEFAULT);

	private final Link link = openLink();

	private final Sockets sockets = new Sockets(
			new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, List.of()),
			new Writers(this.clock), this.clock);

	private final SubscriptionControl control = new SubscriptionControl((message, timeout) -> {
		this.toBroker.add(message);
		return fail();
	}, (event) -> {
		this.events.add(event);
		fail();
	}, new SessionNotices(this.links, this.sockets, (socket, queue, notice) -> {
		this.notices.add(notice);
		fail();
	}), policy(), (changed) -> {
		this.users.add(changed);
		fail();
	});

	private final Peer peer = new Peer();

	private final GatedSocket socket = socket(this.peer);

	@Test
	void whatANewIdentityMayNotHaveIsTakenAwayAndTheRestStays() {
		subscribe(this.socket, "1", "/topic/staff");
		subscribe(this.socket, "2", "/topic/open");

		this.link.identify(GUEST);

		assertThat(subscriptions().all()).containsOnlyKeys("2");
		assertThat(subscriptions().get("1")).isNull();
		assertThat(this.toBroker).singleElement().satisfies((message) -> {
			assertThat(SimpMessageHeaderAccessor.getMessageType(message.getHeaders()))
				.isEqualTo(SimpMessageType.UNSUBSCRIBE);
			assertThat(SimpMessageHeaderAccessor.getSubscriptionId(message.getHeaders())).isEqualTo("1");
			assertThat(SimpMessageHeaderAccessor.getSessionId(message.getHeaders())).isEqualTo(this.socket.id());
			assertThat(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()))
				.isSameAs(this.socket.getAttributes());
			assertThat(SimpMessageHeaderAccessor.getUser(message.getHeaders())).isSameAs(GUEST.principal());
		});
		assertThat(this.events).singleElement()
			.isInstanceOfSatisfying(SessionUnsubscribeEvent.class,
					(event) -> assertThat(event.getUser()).isSameAs(GUEST.principal()));
		assertThat(this.users).singleElement().extracting(UserChangedEvent::socket).isSameAs(this.socket);
	}

	@Test
	void whoeverFailsWhenItIsToldKeepsNothingFromBeingTakenAwayAndTold() {
		for (Throwable error : List.of(new IllegalStateException("on purpose"), new StackOverflowError("on purpose"))) {
			this.link.identify(STAFF);
			List<GatedSocket> tabs = List.of(this.socket, socket(new Peer()), socket(new Peer()));
			tabs.forEach((tab) -> {
				subscribe(tab, "0", "/user/queue/session");
				Stream.of("1", "2", "3").forEach((id) -> subscribe(tab, id, "/topic/staff/" + id));
			});
			Stream.of(this.toBroker, this.events, this.users, this.notices).forEach(List::clear);
			this.failure = error;

			this.link.identify(GUEST);
			this.failure = null;

			assertThat(tabs)
				.allSatisfy((tab) -> assertThat(tab.socketLink().subscriptions().all()).containsOnlyKeys("0"));
			assertThat(this.toBroker).hasSize(9);
			assertThat(this.events).hasSize(9).allMatch(ApplicationEvent.class::isInstance);
			assertThat(this.notices).hasSize(9);
			assertThat(this.users).hasSize(3);
			assertThat(tabs).noneMatch(GatedSocket::isClosing);
			tabs.stream().skip(1).forEach(this.link::remove);
		}
	}

	@Test
	void whoHasLookedLateWhoItIsKeepsNothingFromBeingTakenAwayTheNextTime() throws Exception {
		CountDownLatch looking = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		this.link.identify(new Identity(() -> {
			if (Thread.currentThread().getName().equals("late") && isLookedAt()) {
				looking.countDown();
				awaitQuietly(goOn);
			}
			return "ada";
		}, Set.of()));
		// So that each look asks for the name.
		this.link.moveTo(Home.GONE, "other");
		Thread late = new Thread(this.socket::identityChanged, "late");
		late.start();
		assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
		this.link.identify(STAFF);
		goOn.countDown();
		late.join();
		subscribe(this.socket, "1", "/topic/staff");
		Subscription gate = subscriptions().get("1");

		this.link.identify(GUEST);

		assertThat(gate.getAsBoolean()).isFalse();
	}

	private static boolean isLookedAt() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.anyMatch((frame) -> frame.getClassName().endsWith(".SocketIdentity")
					&& frame.getMethodName().equals("now")));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aPolicyThatFailsClosesTheSocketsThatItCannotReviewAndNoOther() {
		Peer otherPeer = new Peer();
		GatedSocket other = socket(otherPeer);
		subscribe(this.socket, "1", "/topic/staff");
		this.policyFailure = new StackOverflowError("on purpose");

		this.link.identify(GUEST);

		assertThat(this.socket.mayPass()).isFalse();
		assertThat(this.peer.closes).containsExactly(new CloseStatus(1008, "session-user-changed"));
		assertThat(other.mayPass()).isTrue();
		assertThat(otherPeer.closes).isEmpty();
	}

	@Test
	void whatIsRevokedIsToldOnceTheSocketHasItsTurnButTakenAwayAtOnce() throws Exception {
		subscribe(this.socket, "1", "/topic/open");
		subscribe(this.socket, "0", "/user/queue/session");
		Subscription gate = subscriptions().get("1");

		this.socket.turn().take(() -> {
			assertThat(this.socket.revoke("1", "on purpose")).isTrue();
			assertThat(this.socket.revoke("1", "twice")).isFalse();
			assertThat(gate.getAsBoolean()).isFalse();
			assertThat(this.toBroker).isEmpty();
		});

		assertThat(this.toBroker).hasSize(1);
		assertThat(this.events).hasSize(1);
		assertThat(this.notices).hasSize(1);
		assertThat(this.socket.revoke("1", "late")).isFalse();
		assertThat(this.socket.revoke("unknown", "on purpose")).isFalse();
	}

	@Test
	void anIdThatWasTakenAwayIsFreeForAnotherSubscriptionOnlyOnceTheBrokerKnows() throws Exception {
		subscribe(this.socket, "1", "/topic/staff");

		this.socket.turn().take(() -> {
			this.socket.revoke("1", "on purpose");
			assertThat(subscriptions().isTaken("1", "/topic/staff")).isTrue();
			assertThat(subscriptions().isTaken("1", "/topic/open")).isTrue();
		});

		assertThat(subscriptions().isTaken("1", "/topic/open")).isFalse();
	}

	@Test
	void whatAClientHasEndedItselfMeanwhileIsNotTakenFromWhatItHasMadeSince() throws Exception {
		subscribe(this.socket, "1", "/topic/staff");

		this.socket.turn().take(() -> {
			this.socket.revoke("1", "on purpose");
			subscriptions().remove("1");
			subscribe(this.socket, "1", "/topic/open");
		});

		assertThat(this.toBroker).isEmpty();
		assertThat(this.events).isEmpty();
		assertThat(subscriptions().get("1").getAsBoolean()).isTrue();
	}

	@Test
	void ofWhatSpringHasSentOnlyTheFramesOfOpenSubscriptionsGoOut() throws Exception {
		subscribe(this.socket, "1", "/topic/staff");
		subscribe(this.socket, "2", "/topic/open");
		subscribe(this.socket, "3", "/topic/open");
		CompletableFuture<Void> writer = stalled();
		Stream
			.of(frame("1", "/topic/staff"), frame("2", "/topic/open"), frame("3", "/topic/open"), "ERROR\n\n\0",
					"MESSAGE\ndestination:/topic/open\n\n\0")
			.forEach((text) -> this.socket.sendMessage(new TextMessage(text)));

		this.socket.revoke("1", "on purpose");
		this.socket.revoke("3", "on purpose");
		this.clock.passUnnoticed(Duration.ofNanos(1));
		subscribe(this.socket, "3", "/topic/open");
		subscribe(this.socket, "1", "/topic/open");
		this.clock.passUnnoticed(Duration.ofNanos(1));
		this.socket.sendMessage(new TextMessage(frame("3", "/topic/rewritten")));
		this.peer.reads.countDown();
		writer.get(10, TimeUnit.SECONDS);
		assertThat(this.socket.awaitWritten(Duration.ofSeconds(10))).isTrue();

		assertThat(this.peer.sent).containsExactly("first", frame("2", "/topic/open"), "ERROR\n\n\0",
				"MESSAGE\ndestination:/topic/open\n\n\0", frame("3", "/topic/rewritten"));
	}

	private CompletableFuture<Void> stalled() throws InterruptedException {
		this.peer.reads = new CountDownLatch(1);
		CompletableFuture<Void> writer = CompletableFuture
			.runAsync(() -> this.socket.sendMessage(new TextMessage("first")));
		assertThat(this.peer.writing.await(10, TimeUnit.SECONDS)).isTrue();
		return writer;
	}

	private static String frame(String id, String destination) {
		return "MESSAGE\ndestination:" + destination + "\nsubscription:" + id + "\n\n\0";
	}

	private Subscriptions subscriptions() {
		return this.socket.socketLink().subscriptions();
	}

	private static void subscribe(GatedSocket socket, String id, String destination) {
		assertThat(socket.socketLink().subscriptions().add(id, destination, 0)).isTrue();
	}

	private Link openLink() {
		Link opened = this.links.open("key", "id", Home.GONE);
		opened.identify(STAFF);
		return opened;
	}

	private GatedSocket socket(Peer wire) {
		GatedSocket opened = new GatedSocket(wire, new SocketLink(this.link), this.sockets, () -> this.control);
		this.link.add(opened);
		return opened;
	}

	private DestinationPolicy policy() {
		return new DestinationPolicy() {

			@Override
			public boolean maySend(Identity identity, String destination) {
				throw new IllegalStateException("Nobody sends here");
			}

			@Override
			public boolean maySubscribe(Identity identity, String destination) {
				fail(SubscriptionControlTest.this.policyFailure);
				return identity.roles().contains("STAFF") || !destination.startsWith("/topic/staff");
			}

		};
	}

	private boolean fail() {
		return fail(this.failure);
	}

	private static boolean fail(Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException ex) {
			throw ex;
		}
		return true;
	}

	/** Takes what is sent to it, or lets it wait. */
	private static final class Peer extends WebSocketSessionDecorator {

		private final List<String> sent = new CopyOnWriteArrayList<>();

		private final List<CloseStatus> closes = new CopyOnWriteArrayList<>();

		private final CountDownLatch writing = new CountDownLatch(1);

		private volatile CountDownLatch reads = new CountDownLatch(0);

		Peer() {
			super(new StandardWebSocketSession(null, null, null, null));
		}

		@Override
		public void sendMessage(WebSocketMessage<?> message) throws IOException {
			this.writing.countDown();
			try {
				this.reads.await();
			}
			catch (InterruptedException ex) {
				throw new IOException(ex);
			}
			this.sent.add((String) message.getPayload());
		}

		@Override
		public void close(CloseStatus status) {
			this.closes.add(status);
		}

	}

}
