package org.sessionlink.outbound;

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.FakeClock;
import org.sessionlink.link.Home;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;
import org.sessionlink.wire.Writers;

import org.springframework.context.ApplicationEvent;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.adapter.standard.StandardWebSocketSession;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;

/** B12: who is found under a user's name, and what events say of the user. */
class LinkedUserRegistryTest {

	private static final OutboundSettings SETTINGS = new OutboundSettings(false, Duration.ZERO, 0, Duration.ZERO,
			Duration.ZERO, List.of());

	private final LinkedUserRegistry registry = new LinkedUserRegistry();

	private final Links links = new Links(new FakeClock(), LinkPolicy.DEFAULT);

	private final Link link = this.links.open("key", "id", Home.GONE);

	private final List<Object> published = new ArrayList<>();

	private final GatedSocket socket = openSocket(this.link);

	@Test
	void anAnonymousSocketThatConnectsBelongsToNobody() {
		connected(null);

		assertThat(this.registry.getUserCount()).isZero();
	}

	@Test
	void aSocketThatConnectsBelongsToWhoeverIsBehindItNow() {
		login("ada");

		connected(() -> "whom Spring remembers");

		assertThat(this.registry.getUser("ada").getSession(this.socket.id())).isNotNull();
		assertThat(this.registry.getUserCount()).isEqualTo(1);
	}

	@Test
	void aLoginUnderAnOpenSocketIsFollowedWithItsSubscriptions() {
		connected(null);
		this.socket.socketLink().subscriptions().add("7", "/topic/news", 0);

		login("ada");

		assertThat(this.registry.getUser("ada").getSession(this.socket.id()).getSubscriptions()).singleElement()
			.extracting("id", "destination")
			.containsExactly("7", "/topic/news");
	}

	@Test
	void anotherUserIsFollowed() {
		login("ada");
		connected(null);

		login("bob");

		assertThat(this.registry.getUser("ada")).isNull();
		assertThat(this.registry.getUser("bob").getSessions()).hasSize(1);
	}

	@Test
	void newRolesAreSeenThoughAnotherSocketIsOpen() {
		Principal before = () -> "ada";
		Principal after = () -> "ada";
		this.link.identify(new Identity(before, Set.of()));
		connected(null);
		openSocket(this.link);
		this.link.identify(new Identity(() -> "ada", Set.of("GUEST")));

		this.link.identify(new Identity(after, Set.of("STAFF")));

		assertThat(this.registry.getUser("ada").getPrincipal()).isSameAs(after);
		assertThat(this.registry.getUsers()).singleElement().extracting(SimpUser::getPrincipal).isSameAs(after);
		assertThat(this.registry.getUser("ada").getSessions()).hasSize(2);
	}

	@Test
	void theNewestOfTheSocketsThatAreOpenSaysWhoAUserIs() {
		Principal here = () -> "ada";
		Principal elsewhere = () -> "ada";
		this.link.identify(new Identity(here, Set.of()));
		connected(null);
		Link other = this.links.open("other key", "other id", Home.GONE);
		GatedSocket otherSocket = openSocket(other);
		other.identify(new Identity(elsewhere, Set.of()));

		assertThat(this.registry.getUser("ada").getPrincipal()).isSameAs(elsewhere);
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setSessionId(otherSocket.id());
		this.registry.onApplicationEvent(
				new SessionDisconnectEvent(this, MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders()),
						otherSocket.id(), CloseStatus.NORMAL));
		assertThat(this.registry.getUser("ada").getPrincipal()).isSameAs(here);
	}

	@Test
	void whoIsSlowToSayTheirNameHoldsUpNobodyElse() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		AtomicBoolean slow = new AtomicBoolean();
		login(() -> {
			if (slow.get()) {
				asked.countDown();
				awaitOrFail(answer);
			}
			return "ada";
		});
		slow.set(true);
		CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> connected(null));
		awaitOrFail(asked);

		Link other = this.links.open("other key", "other id", Home.GONE);
		openSocket(other);
		CompletableFuture<Void> quick = CompletableFuture
			.runAsync(() -> other.identify(new Identity(() -> "bob", Set.of())));

		assertThat(quick).succeedsWithin(10, TimeUnit.SECONDS);
		assertThat(this.registry.getUser("bob")).isNotNull();
		answer.countDown();
		waiting.get(10, TimeUnit.SECONDS);
		assertThat(this.registry.getUser("ada").getPrincipal().getName()).isEqualTo("ada");
	}

	@Test
	void oldNewsThatComesLateChangesNothing() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		AtomicBoolean slow = new AtomicBoolean();
		login(() -> {
			if (slow.getAndSet(false)) {
				asked.countDown();
				awaitOrFail(answer);
			}
			return "ada";
		});
		slow.set(true);
		CompletableFuture<Void> late = CompletableFuture.runAsync(() -> connected(null));
		awaitOrFail(asked);

		this.link.identify(Identity.ANONYMOUS);
		answer.countDown();
		late.get(10, TimeUnit.SECONDS);

		assertThat(this.registry.getUserCount()).isZero();
	}

	private static void awaitOrFail(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void afterALogoutNobodyIsThere() {
		login("ada");
		connected(null);

		this.link.identify(Identity.ANONYMOUS);

		assertThat(this.registry.getUserCount()).isZero();
	}

	@Test
	void aSocketThatIsGoneBeforeItIsConnectedLeavesNothingBehind() {
		login("ada");
		this.link.remove(this.socket);
		this.registry.onApplicationEvent(new SessionDisconnectEvent(this, message(SimpMessageType.DISCONNECT),
				this.socket.id(), CloseStatus.NORMAL));

		connected(null);

		assertThat(this.registry.getUserCount()).isZero();
	}

	@Test
	void eventsOfASocketCarryTheUserThatItHasNow() {
		CurrentUser events = new CurrentUser(this.published::add);
		Principal stale = () -> "whom Spring remembers";
		this.published.clear();

		events.publishEvent((Object) new SessionSubscribeEvent(this, message(SimpMessageType.SUBSCRIBE), stale));
		login("ada");
		events.publishEvent((Object) new SessionDisconnectEvent(this, message(SimpMessageType.DISCONNECT),
				this.socket.id(), CloseStatus.GOING_AWAY, stale));

		assertThat(this.published).hasSize(3);
		assertThat(((SessionSubscribeEvent) this.published.get(0)).getUser()).isNull();
		assertThat(this.published.get(1)).isInstanceOf(UserChangedEvent.class);
		SessionDisconnectEvent disconnect = (SessionDisconnectEvent) this.published.get(2);
		assertThat(disconnect.getUser().getName()).isEqualTo("ada");
		assertThat(SimpMessageHeaderAccessor.getUser(disconnect.getMessage().getHeaders()).getName()).isEqualTo("ada");
		assertThat(disconnect.getCloseStatus()).isEqualTo(CloseStatus.GOING_AWAY);
	}

	private GatedSocket openSocket(Link under) {
		StandardWebSocketSession wire = new StandardWebSocketSession(null, null, null, null) {

			@Override
			public URI getUri() {
				return URI.create("/greeting");
			}

		};
		SubscriptionControl control = new SubscriptionControl((message, timeout) -> true, this::publish, null,
				new Everything(), this::publish);
		GatedSocket opened = new GatedSocket(wire, new SocketLink(under),
				new Sockets(SETTINGS, new Writers(new FakeClock()), new FakeClock()), () -> control);
		opened.putInto(opened.getAttributes());
		under.add(opened);
		return opened;
	}

	private void publish(Object event) {
		this.published.add(event);
		if (event instanceof ApplicationEvent applicationEvent && (event instanceof UserChangedEvent
				|| this.registry.supportsEventType(applicationEvent.getClass()))) {
			this.registry.onApplicationEvent(applicationEvent);
		}
	}

	private void login(String name) {
		login(() -> name);
	}

	private void login(Principal user) {
		this.link.identify(new Identity(user, Set.of()));
	}

	private void connected(Principal remembered) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.CONNECT_ACK);
		headers.setSessionId(this.socket.id());
		headers.setHeader(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER, message(SimpMessageType.CONNECT));
		Message<byte[]> answer = MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
		this.registry.onApplicationEvent(new SessionConnectedEvent(this, answer, remembered));
	}

	private Message<byte[]> message(SimpMessageType type) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(type);
		headers.setSessionId(this.socket.id());
		headers.setSessionAttributes(this.socket.getAttributes());
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	private static final class Everything implements DestinationPolicy {

		@Override
		public boolean maySend(Identity identity, String destination) {
			return true;
		}

		@Override
		public boolean maySubscribe(Identity identity, String destination) {
			return true;
		}

	}

}
