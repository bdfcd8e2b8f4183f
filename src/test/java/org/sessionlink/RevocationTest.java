package org.sessionlink;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B12, B13 and B41: what is taken away is so at once, whatever the application does. */
class RevocationTest {

	private static final Identity STAFF = new Identity(new Person("ada"), Set.of("STAFF"));

	private static final Identity GUEST = new Identity(new Person("ada"), Set.of());

	@ParameterizedTest
	@ValueSource(classes = { App.class, WatchedApp.class })
	void whatIsRevokedReachesNobodyThoughItWaitsAndAHandlerHoldsTheSocket(Class<?> app) throws Exception {
		try (InProcess server = InProcess.onSessionLink(app)) {
			InProcess.Peer peer = stalledBehindOneOf64(server);

			LinkedSocket socket = peer.link().sockets().get(0);
			assertThat(socket.revoke("1", "on purpose")).isTrue();

			assertThatNothingMoreComes(server, peer);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { App.class, WatchedApp.class })
	void whatARoleWasNeededForReachesNobodyOnceItIsLost(Class<?> app) throws Exception {
		try (InProcess server = InProcess.onSessionLink(app)) {
			InProcess.Peer peer = stalledBehindOneOf64(server);

			peer.link().identify(GUEST);

			assertThatNothingMoreComes(server, peer);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { App.class, WatchedApp.class })
	void noMoreDoesWhatTheClientHadUnsubscribedFromBefore(Class<?> app) throws Exception {
		try (InProcess server = InProcess.onSessionLink(app)) {
			InProcess.Peer peer = staff(server);
			peer.stall();
			publish(server, 64);
			peer.awaitStalled();
			server.handle(peer, new TextMessage("UNSUBSCRIBE\nid:1\n\n\0"));

			peer.link().identify(GUEST);
			peer.goOn();
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/open\nreceipt:end\n\n\0"));

			await().until(() -> commands(peer).contains("RECEIPT"));
			assertThat(commands(peer)).containsExactly("CONNECTED", "MESSAGE", "RECEIPT");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { App.class, WatchedApp.class })
	void whereAnotherUserClosesSocketsNothingMoreReachesThem(Class<?> app) throws Exception {
		try (InProcess server = InProcess.onSessionLink(app, Map.of("sessionlink.user-change", "close"))) {
			InProcess.Peer peer = stalledBehindOneOf64(server);

			peer.link().identify(GUEST);
			peer.goOn();

			await().until(() -> !peer.isOpen());
			assertThat(commands(peer)).filteredOn("MESSAGE"::equals).hasSizeLessThanOrEqualTo(1);
			server.bean("app", App.class).free.countDown();
		}
	}

	@Test
	void anApplicationThatRewritesDestinationsLosesNothingByTheRevocationOfAnotherSubscription() {
		try (InProcess server = InProcess.onSessionLink(RewritingApp.class)) {
			InProcess.Peer peer = staff(server);
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/open\n\n\0"));

			assertThat(peer.link().sockets().get(0).revoke("1", "on purpose")).isTrue();
			server.template().convertAndSend("/topic/open", "news");

			await().until(() -> commands(peer).contains("MESSAGE"));
			assertThat(peer.received()).last()
				.extracting((frame) -> frame.headers().get("destination"))
				.isEqualTo(List.of("/topic/elsewhere"));
		}
	}

	@Test
	void whatAnInterceptorHoldsForARevokedSubscriptionIsNotForTheNextOneWithItsId() throws Exception {
		try (InProcess server = InProcess.onSessionLink(RewritingApp.class)) {
			InProcess.Peer peer = staff(server);
			RewritingApp app = server.bean("app", RewritingApp.class);
			app.holding = true;
			CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publish(server, 1));
			assertThat(app.inTheMiddle.await(10, TimeUnit.SECONDS)).isTrue();

			peer.link().sockets().get(0).revoke("1", "on purpose");
			SocketLink socketLink = peer.link().sockets().get(0).socketLink();
			await().until(() -> socketLink.subscriptions().get("1") == null);
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/elsewhere\nreceipt:r\n\n\0"));
			await().until(() -> commands(peer).contains("RECEIPT"));
			app.goOn.countDown();
			publisher.get(10, TimeUnit.SECONDS);

			// Behind whatever else may come.
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:3\ndestination:/topic/open\nreceipt:end\n\n\0"));
			await().until(() -> count(peer, "RECEIPT") == 2);
			assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT", "RECEIPT");
		}
	}

	@Test
	void noMoreIsWhatItHoldsForOneThatTheClientHasEnded() throws Exception {
		try (InProcess server = InProcess.onSessionLink(RewritingApp.class)) {
			InProcess.Peer peer = staff(server);
			RewritingApp app = server.bean("app", RewritingApp.class);
			app.holding = true;
			CompletableFuture<Void> publisher = CompletableFuture.runAsync(() -> publish(server, 1));
			assertThat(app.inTheMiddle.await(10, TimeUnit.SECONDS)).isTrue();

			server.handle(peer, new TextMessage("UNSUBSCRIBE\nid:1\n\n\0"));
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/elsewhere\nreceipt:r\n\n\0"));
			await().until(() -> commands(peer).contains("RECEIPT"));
			peer.link().identify(GUEST);
			app.goOn.countDown();
			publisher.get(10, TimeUnit.SECONDS);

			// Behind whatever else may come.
			server.handle(peer, new TextMessage("SUBSCRIBE\nid:3\ndestination:/topic/open\nreceipt:end\n\n\0"));
			await().until(() -> count(peer, "RECEIPT") == 2);
			assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT", "RECEIPT");
		}
	}

	private static InProcess.Peer stalledBehindOneOf64(InProcess server) throws InterruptedException {
		InProcess.Peer peer = staff(server);
		peer.stall();
		publish(server, 64);
		peer.awaitStalled();
		App app = server.bean("app", App.class);
		CompletableFuture.runAsync(() -> server.handle(peer, new TextMessage("SEND\ndestination:/app/hold\n\n\0")));
		assertThat(app.held.await(10, TimeUnit.SECONDS)).isTrue();
		return peer;
	}

	private static InProcess.Peer staff(InProcess server) {
		Link link = server.link();
		link.identify(STAFF);
		InProcess.Peer peer = server.connect("1.2", link);
		server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/staff\n\n\0"));
		await().until(() -> commands(peer).contains("CONNECTED"));
		return peer;
	}

	private static void publish(InProcess server, int count) {
		IntStream.range(0, count).forEach((i) -> server.template().convertAndSend("/topic/staff", "secret " + i));
	}

	private static void assertThatNothingMoreComes(InProcess server, InProcess.Peer peer) {
		publish(server, 1);
		peer.goOn();
		server.bean("app", App.class).free.countDown();
		// Behind whatever else may come.
		server.handle(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/open\nreceipt:end\n\n\0"));
		await().until(() -> commands(peer).contains("RECEIPT"));
		assertThat(commands(peer)).containsExactly("CONNECTED", "MESSAGE", "RECEIPT");
	}

	@Test
	void listenersInterceptorsAndConvertersThatFailKeepNothingFromBeingTakenAwayInAnyTab() {
		try (InProcess server = InProcess.onSessionLink(FailingApp.class)) {
			InProcess.Peer first = server.connect("1.2");
			first.link().identify(STAFF);
			List<InProcess.Peer> tabs = List.of(first, server.connect("1.2", first.link()),
					server.connect("1.2", first.link()));
			tabs.forEach((tab) -> List.of("/user/queue/session", "/topic/staff", "/topic/staff/2", "/topic/staff/3")
				.forEach((destination) -> server.handle(tab, new TextMessage(
						"SUBSCRIBE\nid:" + destination + "\ndestination:" + destination + "\nreceipt:r\n\n\0"))));
			tabs.forEach((tab) -> await().until(() -> count(tab, "RECEIPT") == 4));
			FailingApp.failing = true;

			first.link().identify(GUEST);
			List.of("/topic/staff", "/topic/staff/2", "/topic/staff/3")
				.forEach((topic) -> server.template().convertAndSend(topic, "secret"));
			FailingApp.failing = false;

			tabs.forEach((tab) -> server.handle(tab,
					new TextMessage("SUBSCRIBE\nid:end\ndestination:/topic/open\nreceipt:end\n\n\0")));
			tabs.forEach((tab) -> await().until(() -> count(tab, "RECEIPT") == 5));
			assertThat(tabs).allSatisfy((tab) -> assertThat(tab.received())
				.noneSatisfy((frame) -> assertThat(frame.headers().toString()).contains("/topic/staff")));
			assertThat(tabs).allSatisfy((tab) -> assertThat(tab.isOpen()).isTrue());
		}
	}

	@Test
	void aPolicyThatFailsClosesTheSocketsThatItCannotReview() {
		try (InProcess server = InProcess.onSessionLink(App.class)) {
			InProcess.Peer peer = staff(server);
			InProcess.Peer other = server.connect("1.2");
			server.bean("app", App.class).policyFails = true;

			peer.link().identify(GUEST);

			await().until(() -> !peer.isOpen());
			assertThat(other.isOpen()).isTrue();
		}
	}

	@Test
	void aListenerThatFailsAsAClientConnectsKeepsNobodyFromKnowingThatItIsConnected() {
		try (InProcess server = InProcess.onSessionLink(ListeningApp.class)) {
			InProcess.Peer peer = server.connect("1.2");
			peer.link().identify(STAFF);
			ListeningApp app = server.bean("app", ListeningApp.class);

			InProcess.Peer second = server.connect("1.2", peer.link());
			server.handle(second, new TextMessage("SUBSCRIBE\nid:1\ndestination:/user/queue/mail\n\n\0"));
			await().until(() -> app.connected.getCount() == 0);
			server.template().convertAndSendToUser("ada", "/queue/mail", "news");

			await().until(() -> commands(second).contains("MESSAGE"));
			assertThat(server.bean("userRegistry", SimpUserRegistry.class).getUser("ada").getSessions()).hasSize(2);
		}
	}

	private static List<String> commands(InProcess.Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	private static long count(InProcess.Peer peer, String command) {
		return commands(peer).stream().filter(command::equals).count();
	}

	private record Person(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

	@Configuration("app")
	@EnableSessionLink
	@Import(HoldingController.class)
	static class App extends OneEndpoint {

		private final CountDownLatch held = new CountDownLatch(1);

		private final CountDownLatch free = new CountDownLatch(1);

		private volatile boolean policyFails;

		@Bean
		DestinationPolicy policy() {
			return new DestinationPolicy() {

				@Override
				public boolean maySend(Identity identity, String destination) {
					return true;
				}

				@Override
				public boolean maySubscribe(Identity identity, String destination) {
					if (App.this.policyFails) {
						throw new StackOverflowError("on purpose");
					}
					return !destination.startsWith("/topic/staff") || identity.roles().contains("STAFF");
				}

			};
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	/** Has its messages go out as Spring sends them. */
	@Configuration("app")
	@EnableSessionLink
	@Import(HoldingController.class)
	static class WatchedApp extends App {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

	/** Tells clients of another destination, and holds a message where it is told to. */
	@Configuration("app")
	@EnableSessionLink
	@Import(HoldingController.class)
	static class RewritingApp extends App {

		private final CountDownLatch inTheMiddle = new CountDownLatch(1);

		private final CountDownLatch goOn = new CountDownLatch(1);

		private volatile boolean holding;

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {

				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.MESSAGE) {
						return message;
					}
					hold();
					SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(message);
					headers.setDestination("/topic/elsewhere");
					return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
				}

			});
		}

		private void hold() {
			if (this.holding) {
				this.inTheMiddle.countDown();
				try {
					assertThat(this.goOn.await(10, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

	}

	/** Fails in whatever it is told of, while it is to. */
	@Configuration("app")
	@EnableSessionLink
	@Import(HoldingController.class)
	static class FailingApp extends App {

		private static volatile boolean failing;

		@EventListener
		void onUnsubscribe(SessionUnsubscribeEvent event) {
			fail();
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.configureBrokerChannel().interceptors(new ChannelInterceptor() {

				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.UNSUBSCRIBE) {
						fail();
					}
					return message;
				}

			});
		}

		@Override
		public boolean configureMessageConverters(List<MessageConverter> converters) {
			converters.add(new MessageConverter() {

				@Override
				public Object fromMessage(Message<?> message, Class<?> target) {
					return null;
				}

				@Override
				public Message<?> toMessage(Object payload, MessageHeaders headers) {
					if (!(payload instanceof String)) {
						fail();
					}
					return null;
				}

			});
			return true;
		}

		private static void fail() {
			if (failing) {
				throw new StackOverflowError("on purpose");
			}
		}

	}

	@Configuration("app")
	@EnableSessionLink
	@Import(HoldingController.class)
	static class ListeningApp extends App {

		private final CountDownLatch connected = new CountDownLatch(2);

		@EventListener
		void onConnect(SessionConnectEvent event) {
			throw new IllegalStateException("on purpose");
		}

		@EventListener
		void onConnected(SessionConnectedEvent event) {
			this.connected.countDown();
		}

	}

	@Controller
	static class HoldingController {

		private final App app;

		HoldingController(App app) {
			this.app = app;
		}

		@MessageMapping("/hold")
		void hold() throws InterruptedException {
			this.app.held.countDown();
			assertThat(this.app.free.await(30, TimeUnit.SECONDS)).isTrue();
		}

	}

}
