package org.sessionlink;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where clients of an application may send and subscribe that calls things its own way.
 */
class ForeignDestinationsTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { OnSessionLink.class, WithoutPrefix.class })
	void whatAnApplicationHasSetUpIsOpenByDefault(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of());
		String prefix = (application == OnSessionLink.class) ? "/pub" : "";

		subscribe(peer, "all", "/sub/news");
		subscribe(peer, "own", "/me/sub/news");
		subscribe(peer, "once", prefix + "/now");
		send(peer, prefix + "/say", "hello");
		send(peer, prefix + "/ask", "me");

		await().untilAsserted(() -> assertThat(received(peer)).contains("once now", "all said hello", "own asked me"));
		assertThat(refusals(Refused.DESTINATION)).isZero();
	}

	@ParameterizedTest
	@ValueSource(classes = { OnSessionLink.class, WithoutPrefix.class })
	void whatOthersHearGoesPastNoApplicationByDefault(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of());

		subscribe(peer, "all", "/sub/news");
		send(peer, "/sub/news", "forged");
		send(peer, "/me/somebody/sub/news", "forged");

		assertThat(refusals(Refused.DESTINATION)).isEqualTo(2);
		assertThat(received(peer)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(classes = { Bare.class, BrokerOfAll.class })
	void whatAMethodHandlesBesideTheBrokerIsOpenAndOthersSeeNoFurtherHeaders(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of());
		String say = (application == Bare.class) ? "/say" : "/app/say";

		subscribe(peer, "raw", say);
		subscribe(peer, "all", "/sub/news");
		this.server.handle(peer,
				new TextMessage("SEND\ndestination:" + say + "\ncontent-type:text/plain\nsecret:x\n\nhello\0"));
		send(peer, "/sub/news", "forged");
		send(peer, "/user/somebody/say", "forged");

		await()
			.untilAsserted(() -> assertThat(received(peer)).containsExactlyInAnyOrder("raw hello", "all said hello"));
		assertThat(peer.received()).noneMatch((frame) -> frame.headers().containsKey("secret"));
		assertThat(this.server.bean(Talk.class).secret).isEqualTo("x");
		assertThat(refusals(Refused.DESTINATION)).isEqualTo(2);
	}

	@Test
	void theLogSaysOfEachDestinationOnceWhatToSet() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound.Refusals")) {
			InProcess.Peer peer = start(OnSessionLink.class, Map.of());
			InProcess.Peer other = this.server.connect("1.2");

			send(peer, "/sub/news", "hello");
			send(other, "/sub/news", "hello");
			subscribe(other, "1", "/room/1");
			subscribe(other, "2", "/room/2");
			subscribe(other, "3", "/room/2");

			assertThat(log.lines()).hasSize(3);
			assertThat(log.lines().get(0)).startsWith("WARN SEND to \"/sub/news\" refused under session ")
				.endsWith("If clients may: sessionlink.destinations.send=/sub/news, /pub/**");
			assertThat(log.lines().get(2)).startsWith("WARN SUBSCRIBE to \"/room/2\" refused under session ")
				.endsWith("If clients may: sessionlink.destinations.subscribe="
						+ "/room/2, /sub*/**, /pub/**, /me/sub*/**, /me/queue/session, /me/queue/errors");
		}
	}

	@Test
	void theStartSaysWhatIsOpen() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound")) {
			start(OnSessionLink.class, Map.of());

			assertThat(log.lines()).contains("INFO Clients may send to /pub/**",
					"INFO Clients may subscribe to /sub*/**, /pub/**, /me/sub*/**, /me/queue/session, /me/queue/errors");
		}
	}

	@Test
	void aPatternIsRefusedUnlessPatternsAreSet() {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound.Refusals")) {
			InProcess.Peer peer = start(OnSessionLink.class, Map.of());

			subscribe(peer, "1", "/sub/*");

			assertThat(refusals(Refused.DESTINATION)).isOne();
			assertThat(log.lines()).singleElement()
				.asString()
				.endsWith("If clients may: sessionlink.destinations.patterns=on");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { OnSessionLink.class, Watched.class })
	void aPatternFindsWhatFitsAndNothingThatIsForAnother(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of("sessionlink.destinations.patterns", "on"));
		InProcess.Peer other = this.server.connect("1.2");

		subscribe(peer, "all", "/sub/**");
		subscribe(peer, "mine", "/me/sub/*");
		subscribe(other, "own", "/me/sub/news");
		send(other, "/pub/ask", "first");
		this.server.template().convertAndSend("/sub/news-user" + other.getId(), "by hand");
		send(peer, "/pub/ask", "second");
		send(peer, "/pub/say", "hello");

		await().untilAsserted(() -> assertThat(received(peer)).contains("all said hello"));
		assertThat(received(peer)).containsExactlyInAnyOrder("all asked second", "mine asked second", "all said hello");
		await().untilAsserted(() -> assertThat(received(other)).containsExactly("own asked first", "own by hand"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sub/{a}", "/sub/{a:(x+)+}", "/sub/../*" })
	void noPatternIsAnExpression(String pattern) {
		InProcess.Peer peer = start(OnSessionLink.class, Map.of("sessionlink.destinations.patterns", "on"));

		subscribe(peer, "1", pattern);

		assertThat(refusals(Refused.DESTINATION)).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "filter", "selector" })
	void aSelectorIsRefusedByWhateverNameUnlessSelectorsAreSet(String header) {
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound.Refusals")) {
			InProcess.Peer peer = start(OnSessionLink.class, Map.of());

			subscribe(peer, "1", "/sub/news\n" + header + ":headers.to == 'me'");

			assertThat(refusals(Refused.HEADER)).isOne();
			assertThat(log.lines()).singleElement()
				.asString()
				.endsWith("If clients may: sessionlink.destinations.selectors=on");
		}
	}

	@Test
	void aSelectorChoosesByTheHeaderThatTheApplicationHasNamed() {
		InProcess.Peer peer = start(OnSessionLink.class, Map.of("sessionlink.destinations.selectors", "on"));

		subscribe(peer, "1", "/sub/news\nfilter:headers.kind == 'good'");
		this.server.template().convertAndSend("/sub/news", "bad news", Map.of("kind", "bad"));
		this.server.template().convertAndSend("/sub/news", "good news", Map.of("kind", "good"));

		await().untilAsserted(() -> assertThat(received(peer)).containsExactly("1 good news"));
	}

	@Test
	void aSelectorIsCalledThatWhereTheApplicationHasNotNamedIt() {
		InProcess.Peer peer = start(Unnamed.class, Map.of("sessionlink.destinations.selectors", "on"));

		subscribe(peer, "1", "/sub/news\nselector:headers.kind == 'good'");
		this.server.template().convertAndSend("/sub/news", "bad news", Map.of("kind", "bad"));
		this.server.template().convertAndSend("/sub/news", "good news", Map.of("kind", "good"));

		await().untilAsserted(() -> assertThat(received(peer)).containsExactly("1 good news"));
	}

	@ParameterizedTest
	@ValueSource(classes = { Dotted.class, DottedWithSlash.class })
	void destinationsMayHaveDotsInThePlaceOfSlashes(Class<?> application) {
		InProcess.Peer peer = start(application, Map.of());
		String topic = (application == Dotted.class) ? "topic.news" : "/topic/news";

		subscribe(peer, "all", topic + ".today");
		subscribe(peer, "own", "/user/queue.q1");
		send(peer, "/app/tell.everybody", topic + ".today");
		this.server.template().convertAndSendToUser(peer.getId(), "queue.q1", "hello", headers(peer));

		await().untilAsserted(() -> assertThat(received(peer)).contains("all told", "own hello"));
		assertThat(refusals(Refused.DESTINATION)).isZero();
	}

	@Test
	void destinationsWithoutASlashCanBeSetAsTheLogSays() {
		String remedy;
		try (RecordedLog log = RecordedLog.of("org.sessionlink.inbound.Refusals")) {
			send(start(Dotted.class, Map.of()), "topic.news", "hello");

			remedy = log.lines().get(0).replaceAll(".*If clients may: sessionlink.destinations.send=", "");
		}
		this.server.close();
		InProcess.Peer peer = start(Dotted.class, Map.of("sessionlink.destinations.send", remedy));

		subscribe(peer, "1", "topic.news");
		send(peer, "topic.news", "hello");

		await().untilAsserted(() -> assertThat(received(peer)).containsExactly("1 hello"));
	}

	@Test
	void noHeaderOfASenderReachesOthersOrTheirSelectors() {
		InProcess.Peer peer = start(Unnamed.class, Map.of("sessionlink.destinations.selectors", "on",
				"sessionlink.destinations.send", "/sub/**", "sessionlink.destinations.subscribe", "/sub/**"));

		subscribe(peer, "chosen", "/sub/news\nselector:headers.kind == 'good'");
		subscribe(peer, "all", "/sub/news");
		send(peer, "/sub/news\nkind:good", "hello");

		await().untilAsserted(() -> assertThat(received(peer)).containsExactly("all hello"));
		assertThat(peer.received()).last().extracting(InProcess.Received::headers).asString().doesNotContain("kind");
	}

	@Test
	void whatIsSetCountsWhateverTheApplicationCallsThings() {
		InProcess.Peer peer = start(OnSessionLink.class,
				Map.of("sessionlink.destinations.send", "/app/**", "sessionlink.destinations.subscribe", "/topic/**"));

		subscribe(peer, "all", "/sub/news");
		send(peer, "/pub/say", "hello");

		assertThat(refusals(Refused.DESTINATION)).isEqualTo(2);
	}

	private InProcess.Peer start(Class<?> application, Map<String, String> settings) {
		this.server = InProcess.onSessionLinkSet(application, settings);
		return this.server.connect("1.2");
	}

	private void subscribe(InProcess.Peer peer, String id, String destination) {
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0"));
	}

	private void send(InProcess.Peer peer, String destination, String body) {
		this.server.handle(peer,
				new TextMessage("SEND\ndestination:" + destination + "\ncontent-type:text/plain\n\n" + body + "\0"));
	}

	private static MessageHeaders headers(InProcess.Peer peer) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId(peer.getId());
		headers.setLeaveMutable(true);
		return headers.getMessageHeaders();
	}

	private static List<String> received(InProcess.Peer peer) {
		return peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("subscription"))
			.map((frame) -> frame.headers().get("subscription").get(0) + " " + frame.text())
			.toList();
	}

	private long refusals(Refused reason) {
		return this.server.bean(Links.class).refusals().get(reason);
	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends OneEndpoint {

		@Bean
		Talk talk(SimpMessagingTemplate brokerMessagingTemplate) {
			return new Talk(brokerMessagingTemplate);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/sub").setSelectorHeaderName("filter");
			registry.setApplicationDestinationPrefixes("/pub");
			registry.setUserDestinationPrefix("/me");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Bare extends OnSessionLink {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			// As Spring has it where nothing is said.
		}

	}

	@Configuration
	@EnableSessionLink
	static class BrokerOfAll extends OnSessionLink {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	@Configuration
	@EnableSessionLink
	static class WithoutPrefix extends OnSessionLink {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.setApplicationDestinationPrefixes();
		}

	}

	@Configuration
	@EnableSessionLink
	static class Unnamed extends OnSessionLink {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.enableSimpleBroker("/sub");
		}

	}

	@Configuration
	@EnableSessionLink
	static class Watched extends OnSessionLink {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
			});
		}

	}

	@Configuration
	@EnableSessionLink
	static class Dotted extends OnSessionLink {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("topic.", "queue.");
			registry.setApplicationDestinationPrefixes("/app");
			registry.setPathMatcher(new AntPathMatcher("."));
		}

	}

	@Configuration
	@EnableSessionLink
	static class DottedWithSlash extends Dotted {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.enableSimpleBroker("/topic", "/queue");
		}

	}

	@Controller
	static class Talk {

		private volatile String secret;

		private final SimpMessagingTemplate template;

		Talk(SimpMessagingTemplate template) {
			this.template = template;
		}

		@MessageMapping("tell.{whom}")
		void tell(String where) {
			this.template.convertAndSend(where, "told");
		}

		@MessageMapping("/say")
		@SendTo("/sub/news")
		String say(String what, @Header(name = "secret", required = false) String header) {
			this.secret = header;
			return "said " + what;
		}

		@MessageMapping("/ask")
		@SendToUser(destinations = "/sub/news", broadcast = false)
		String ask(String what) {
			return "asked " + what;
		}

		@SubscribeMapping("/now")
		String now() {
			return "now";
		}

	}

}
