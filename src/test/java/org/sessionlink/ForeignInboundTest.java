package org.sessionlink;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.inbound.ConnectAuthenticator;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B27, B41: what an application's own interceptors veto on the way in has not been, and
 * what its own handlers throw costs nobody else.
 */
class ForeignInboundTest {

	private static final String TWO = "2";

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "drop", "drop later" })
	void aSubscriptionThatTheApplicationDropsIsNoneAndCountsForNone(String veto) {
		InProcess.Peer peer = startOnSessionLink();
		for (int i = 0; i < 10; i++) {
			send(peer, "SUBSCRIBE\nid:no-" + i + "\ndestination:/topic/a\nveto:" + veto + "\n\n\0");
		}

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		send(peer, "SUBSCRIBE\nid:2\ndestination:/topic/b\n\n\0");
		publish("/topic/b");

		await().untilAsserted(() -> assertThat(bodies(peer)).containsExactly("MESSAGE 2"));
		assertThat(SocketLink.in(peer.getAttributes()).subscriptions().all()).containsOnlyKeys("1", "2");
	}

	@Test
	void aSubscriptionThatTheApplicationThrowsAtIsNoneAndIsToldOnce() {
		InProcess.Peer peer = startOnSessionLink();

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nveto:throw\n\n\0");

		await().untilAsserted(() -> assertThat(commands(peer)).containsExactly("CONNECTED", "ERROR"));
		assertThat(SocketLink.in(peer.getAttributes()).subscriptions().all()).isEmpty();
	}

	@Test
	void theSubscriptionThatWasThereStaysThoughItsRepetitionIsDropped() {
		InProcess.Peer peer = startOnSessionLink();
		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nveto:drop\n\n\0");
		publish("/topic/a");

		await().untilAsserted(() -> assertThat(bodies(peer)).containsExactly("MESSAGE 1"));
	}

	@Test
	void anUnsubscribeThatTheApplicationDropsEndsNothing() {
		InProcess.Peer peer = startOnSessionLink();
		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");

		send(peer, "UNSUBSCRIBE\nid:1\nveto:drop\n\n\0");
		publish("/topic/a");

		await().untilAsserted(() -> assertThat(bodies(peer)).containsExactly("MESSAGE 1"));
	}

	@Test
	void anUnsubscribeMakesRoom() {
		InProcess.Peer peer = startOnSessionLink();
		for (int i = 0; i < 10; i++) {
			send(peer, "SUBSCRIBE\nid:" + i + "\ndestination:/topic/a\n\n\0");
			send(peer, "UNSUBSCRIBE\nid:" + i + "\n\n\0");
		}

		assertThat(SocketLink.in(peer.getAttributes()).subscriptions().all()).isEmpty();
		assertThat(refusals(Refused.TOO_MANY_SUBSCRIPTIONS)).isZero();
	}

	@Test
	void aClientWhoseConnectTheApplicationDropsIsNotConnected() {
		startOnSessionLink();

		InProcess.Peer peer = this.server.connect("1.2\nveto:drop", this.server.link());

		assertThat(commands(peer)).isEmpty();
		assertThat(SocketLink.in(peer.getAttributes()).isConnected()).isFalse();
		send(peer, "CONNECT\naccept-version:1.1\n\n\0");
		await().untilAsserted(() -> assertThat(commands(peer)).containsExactly("CONNECTED"));
		assertThat(SocketLink.in(peer.getAttributes()).isConnected()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "drop", "drop later", "throw" })
	void aClientWhoseConnectTheApplicationStopsIsNotLoggedIn(String veto) {
		this.server = InProcess.onSessionLink(LoggingIn.class);

		InProcess.Peer peer = this.server.connect("1.2\nveto:" + veto, this.server.link());
		SocketLink stopped = SocketLink.in(peer.getAttributes());
		InProcess.Peer other = this.server.connect("1.2", this.server.link());

		assertThat(stopped.isLoggedIn()).isFalse();
		assertThat(stopped.identity().principal()).isNull();
		assertThat(SocketLink.in(other.getAttributes()).identity().name()).isEqualTo("ada");
	}

	@Test
	void whatTheApplicationHandsToSpringsHandlerItselfIsHandledAndGuarded() throws Exception {
		InProcess.Peer peer = startOnSessionLink();
		WebSocketHandler spring = this.server.bean("subProtocolWebSocketHandler", WebSocketHandler.class);

		spring.handleMessage(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		spring.handleMessage(peer, new TextMessage("SUBSCRIBE\nid:2\ndestination:/topic/*\n\n\0"));
		publish("/topic/a");

		await().untilAsserted(() -> assertThat(bodies(peer)).containsExactly("MESSAGE 1"));
		assertThat(refusals(Refused.DESTINATION)).isOne();
	}

	@Test
	void aFrameThatIsRefusedIsToldAndClosesWhereSpringPreservesTheOrder() {
		this.server = InProcess.onSessionLink(Ordered.class);
		InProcess.Peer peer = this.server.connect("1.2");

		send(peer, "MESSAGE\ndestination:/topic/a\n\nforged\0");

		await().untilAsserted(() -> assertThat(commands(peer)).containsExactly("CONNECTED", "ERROR"));
		await().until(() -> !peer.isOpen());
		assertThat(refusals(Refused.UNEXPECTED)).isOne();
	}

	@Test
	void whatComesWithASubscriptionThatTheApplicationDropsIsThereAlone() {
		InProcess.Peer peer = startOnSessionLink();

		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nalso:2\nveto:drop later\n\n\0");

		assertThat(SocketLink.in(peer.getAttributes()).subscriptions().all()).containsOnlyKeys("2");
	}

	@ParameterizedTest
	@ValueSource(strings = { "exception", "error" })
	void aHandlerThatFailsCostsItselfAloneAsOnSpring(String failure) {
		List<String> onSpring = framesBesideAHandlerThatFails(InProcess.onSpring(OnSpring.class), failure);
		this.server.close();

		List<String> onSessionLink = framesBesideAHandlerThatFails(onSessionLink(), failure);

		String told = failure.equals("error") ? "told MessageDeliveryException" : "told UnsupportedOperationException";
		assertThat(onSessionLink).isEqualTo(onSpring).containsExactly("MESSAGE 1", told, "subscribed");
	}

	private List<String> framesBesideAHandlerThatFails(InProcess started, String failure) {
		this.server = started;
		Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
		Thread.setDefaultUncaughtExceptionHandler((thread, ex) -> {
		});
		ConditionFactory spring = await().dontCatchUncaughtExceptions();
		RecordedLog log = RecordedLog.silent("org.sessionlink.handling");
		try {
			InProcess.Peer peer = this.server.connect("1.2");
			spring.until(() -> commands(peer).contains("CONNECTED"));
			Foreign foreign = this.server.bean("foreign", Foreign.class);
			send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nfail:" + failure + "\n\n\0");
			spring.until(() -> foreign.told.size() == 1 && foreign.subscribed.size() == 1 && isSubscribed("/topic/a"));
			publish("/topic/a");
			spring.until(() -> !bodies(peer).isEmpty());
			assertThat(peer.isOpen()).isTrue();
			return Stream.of(bodies(peer), foreign.told, foreign.subscribed).flatMap(List::stream).toList();
		}
		finally {
			log.close();
			Thread.setDefaultUncaughtExceptionHandler(usual);
		}
	}

	@Test
	void aHandlerThatFailsIsLoggedAndItsFrameHasNoReceipt() {
		InProcess.Peer peer = startOnSessionLink();

		try (RecordedLog log = RecordedLog.of("org.sessionlink.handling.HandlerCall")) {
			send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\nreceipt:r1\nfail:error\n\n\0");
			send(peer, "SUBSCRIBE\nid:2\ndestination:/topic/b\nreceipt:r2\n\n\0");

			assertThat(log.lines()).singleElement()
				.asString()
				.startsWith("ERROR A handler of a SUBSCRIBE frame failed");
		}
		await().untilAsserted(() -> assertThat(commands(peer)).containsExactly("CONNECTED", "RECEIPT"));
		assertThat(peer.received().get(1).headers()).containsEntry("receipt-id", List.of("r2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "%2F", "a%2Fb", "a%2fb", "%252F", "%", "CORP/olga", "CORP\\olga", "a b;c=d", "\u00fcber",
			"a-userb", "*", "{a}" })
	void aUserHearsOfTheSessionWhateverTheirName(String name) {
		InProcess.Peer peer = startOnSessionLink();
		peer.link().identify(new Identity(() -> name, Set.of()));

		send(peer, "SUBSCRIBE\nid:1\ndestination:/user/queue/session\nreceipt:r\n\n\0");
		send(peer, "SUBSCRIBE\nid:2\ndestination:/user/queue/b\n\n\0");
		send(peer, "UNSUBSCRIBE\nid:2\n\n\0");
		this.server.template()
			.convertAndSendToUser(peer.getId(), "/queue/b", "after", Map.of("simpSessionId", peer.getId()));

		await().untilAsserted(() -> assertThat(peer.received())
			.extracting((frame) -> frame.command() + " " + frame.headers().getOrDefault("destination", List.of()))
			.containsExactly("CONNECTED []", "RECEIPT []", "MESSAGE [/user/queue/session]"));
	}

	@Test
	void thePrefixOfUserDestinationsIsTheApplications() {
		this.server = InProcess.onSessionLink(OtherPrefix.class);

		assertThat(this.server.bean("userDestinationResolver", DefaultUserDestinationResolver.class)
			.getDestinationPrefix()).isEqualTo("/me/");
	}

	@ParameterizedTest
	@ValueSource(ints = { 64, 65 })
	void anIdIsNoBurdenForWhateverStandsBehind(int length) {
		InProcess.Peer peer = startOnSessionLink();

		send(peer, "SUBSCRIBE\nid:" + "x".repeat(length) + "\ndestination:/topic/a\n\n\0");
		publish("/topic/a");
		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/b\n\n\0");
		publish("/topic/b");

		await().untilAsserted(() -> assertThat(bodies(peer)).last().isEqualTo("MESSAGE 1"));
		assertThat(bodies(peer)).hasSize((length > 64) ? 1 : 2);
		assertThat(this.server.bean("foreign", Foreign.class).subscribed).hasSize((length > 64) ? 1 : 2);
		assertThat(refusals(Refused.HEADER_TOO_LONG)).isEqualTo((length > 64) ? 1 : 0);
	}

	@ParameterizedTest
	@ValueSource(classes = { DroppingTheLast.class, DenyingTheLast.class })
	void aSocketThatHasClosedLeavesNothingThoughTheApplicationStopsTheNewsOfIt(Class<?> application) {
		this.server = InProcess.onSessionLink(application);
		InProcess.Peer peer = this.server.connect("1.2");
		send(peer, "SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0");
		await().until(() -> isSubscribed("/topic/a"));

		try (RecordedLog log = RecordedLog.of("org.sessionlink.outbound.GatedHandler")) {
			this.server.leave(peer);

			await().until(() -> !isSubscribed("/topic/a"));
			await()
				.untilAsserted(() -> assertThat(log.lines()).hasSize((application == DenyingTheLast.class) ? 1 : 0)
					.allSatisfy((line) -> assertThat(line)
						.startsWith("WARN The application stops what is said of the end of")
						.endsWith(": \"as of the application\"")));
		}
	}

	private InProcess.Peer startOnSessionLink() {
		this.server = onSessionLink();
		return this.server.connect("1.2");
	}

	private static InProcess onSessionLink() {
		return InProcess.onSessionLink(OnSessionLink.class, Map.of("sessionlink.limits.subscriptions-per-socket", TWO));
	}

	private void send(InProcess.Peer peer, String frame) {
		this.server.handle(peer, new TextMessage(frame));
	}

	private void publish(String destination) {
		this.server.template().convertAndSend(destination, "hello");
	}

	private boolean isSubscribed(String destination) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setDestination(destination);
		return !this.server.bean("simpleBrokerMessageHandler", SimpleBrokerMessageHandler.class)
			.getSubscriptionRegistry()
			.findSubscriptions(MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders()))
			.isEmpty();
	}

	private long refusals(Refused reason) {
		return this.server.bean("org.sessionlink.links", Links.class).refusals().get(reason);
	}

	private static List<String> commands(InProcess.Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	private static List<String> bodies(InProcess.Peer peer) {
		return peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("subscription"))
			.map((frame) -> frame.command() + " " + frame.headers().get("subscription").get(0))
			.toList();
	}

	@Configuration
	static class Application extends OneEndpoint {

		private final Foreign foreign = new Foreign();

		@Bean
		Foreign foreign() {
			return this.foreign;
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(this.foreign, new Vetoing("drop later"));
		}

		@Bean
		String failing(@Qualifier("clientInboundChannel") AbstractSubscribableChannel channel) {
			// Before Spring's own, which come as the context starts.
			channel.subscribe(this.foreign);
			return "subscribed";
		}

	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends Application {

	}

	@Configuration
	@EnableSessionLink
	static class OtherPrefix extends Application {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.setUserDestinationPrefix("/me");
		}

	}

	@Configuration
	@EnableSessionLink
	static class LoggingIn extends Application {

		@Bean
		ConnectAuthenticator everybodyIsAda() {
			return (login, passcode, link) -> new Identity(() -> "ada", Set.of("STAFF"));
		}

	}

	@Configuration
	@EnableSessionLink
	static class DroppingTheLast extends Application {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ExecutorChannelInterceptor() {

				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					boolean last = SimpMessageHeaderAccessor
						.getMessageType(message.getHeaders()) == SimpMessageType.DISCONNECT;
					return last ? stopped() : message;
				}

			});
		}

		Message<?> stopped() {
			return null;
		}

	}

	/** As rules of Spring Security do once nobody is logged in any more. */
	@Configuration
	@EnableSessionLink
	static class DenyingTheLast extends DroppingTheLast {

		@Override
		Message<?> stopped() {
			throw new UnsupportedOperationException("as of the application");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Ordered extends Application {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			super.registerStompEndpoints(registry);
			registry.setPreserveReceiveOrder(true);
		}

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends Application {

	}

	/** Vetoes a frame that asks for it. */
	static class Vetoing implements ExecutorChannelInterceptor {

		private final String veto;

		Vetoing(String veto) {
			this.veto = veto;
		}

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			String asked = NativeMessageHeaderAccessor.getFirstNativeHeader("veto", message.getHeaders());
			also(message, channel);
			if ("throw".equals(asked)) {
				throw new UnsupportedOperationException("as of the application");
			}
			return this.veto.equals(asked) ? null : message;
		}

		// Subscribes the client to one more.
		private void also(Message<?> message, MessageChannel channel) {
			String id = NativeMessageHeaderAccessor.getFirstNativeHeader("also", message.getHeaders());
			if (id != null && !"drop".equals(this.veto)) {
				StompHeaderAccessor more = StompHeaderAccessor.create(StompCommand.SUBSCRIBE);
				more.setSubscriptionId(id);
				more.setDestination("/topic/b");
				more.setSessionId(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()));
				more.setSessionAttributes(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
				channel.send(MessageBuilder.createMessage(new byte[0], more.getMessageHeaders()));
			}
		}

	}

	/** Handles the frames of clients, watches how that goes, and fails when asked to. */
	static class Foreign extends Vetoing implements MessageHandler {

		private final List<String> told = new CopyOnWriteArrayList<>();

		private final List<String> subscribed = new CopyOnWriteArrayList<>();

		Foreign() {
			super("drop");
		}

		@Override
		public void handleMessage(Message<?> message) {
			String asked = NativeMessageHeaderAccessor.getFirstNativeHeader("fail", message.getHeaders());
			if ("error".equals(asked)) {
				throw new StackOverflowError("as of the application");
			}
			if ("exception".equals(asked)) {
				throw new UnsupportedOperationException("as of the application");
			}
		}

		@Override
		public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
				Exception ex) {
			if (ex != null) {
				this.told.add("told " + ex.getClass().getSimpleName());
			}
		}

		@EventListener
		void onSubscribe(SessionSubscribeEvent event) {
			this.subscribed.add("subscribed");
		}

	}

}
