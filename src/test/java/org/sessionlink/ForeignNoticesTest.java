package org.sessionlink;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What SessionLink itself tells clients, whatever the application has set up. */
class ForeignNoticesTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(classes = { OtherPrefix.class, OtherBroker.class, TextOnly.class, TwoTemplates.class })
	void aClientHearsOfItsSessionAndOfWhatIsRefused(Class<?> application) {
		InProcess.Peer peer = start(application);

		subscribe(peer, "session", "/me/queue/session");
		subscribe(peer, "errors", "/me/queue/errors");
		subscribe(peer, "1", "/nowhere");

		await().untilAsserted(() -> assertThat(received(peer)).containsExactly(
				"/me/queue/session session application/json {\"event\":\"OPEN\",\"remainingSeconds\":null,\"socket\":\""
						+ peer.getId() + "\"}",
				"/me/queue/errors errors application/json {\"error\":\"destination-not-allowed\",\"message\":"
						+ "\"You may not subscribe to this destination: the frame had no effect.\"}"));
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void whoHasSubscribedTwiceAndEndsOneHearsAllTheSame() {
		InProcess.Peer peer = start(OtherPrefix.class);

		subscribe(peer, "1", "/me/queue/session");
		subscribe(peer, "2", "/me/queue/session");
		subscribe(peer, "3", "/topic/a");
		subscribe(peer, "4", "/topic/b");
		revoke(peer, "3");
		await().untilAsserted(() -> assertThat(received(peer)).filteredOn((notice) -> notice.contains("REVOKED"))
			.extracting((notice) -> notice.substring(0, 19))
			.containsExactlyInAnyOrder("/me/queue/session 1", "/me/queue/session 2"));
		send(peer, "UNSUBSCRIBE\nid:1\n\n\0");
		revoke(peer, "4");

		await().untilAsserted(() -> assertThat(received(peer)).last()
			.isEqualTo("/me/queue/session 2 application/json {\"event\":\"REVOKED\",\"subscription\":\"4\","
					+ "\"destination\":\"/topic/b\",\"reason\":\"a \\\"good\\\"\\u000a\\u0001 reason\"}"));
	}

	@Test
	void whatIsTakenAwayIsToldInJsonWhateverItIsCalled() {
		InProcess.Peer peer = start(TextOnly.class);

		subscribe(peer, "session", "/me/queue/session");
		subscribe(peer, "\"1\\\\", "/topic/\u00fc");
		revoke(peer, "\"1\\");

		await().untilAsserted(() -> assertThat(received(peer)).last()
			.isEqualTo("/me/queue/session session application/json {\"event\":\"REVOKED\","
					+ "\"subscription\":\"\\\"1\\\\\",\"destination\":\"/topic/\u00fc\","
					+ "\"reason\":\"a \\\"good\\\"\\u000a\\u0001 reason\"}"));
	}

	private InProcess.Peer start(Class<?> application) {
		this.server = InProcess.onSessionLinkSet(application, Map.of());
		return this.server.connect("1.2");
	}

	private static void revoke(InProcess.Peer peer, String subscription) {
		peer.link().sockets().forEach((socket) -> socket.revoke(subscription, "a \"good\"\n\u0001 reason"));
	}

	private void subscribe(InProcess.Peer peer, String id, String destination) {
		send(peer, "SUBSCRIBE\nid:" + id + "\ndestination:" + destination + "\n\n\0");
	}

	private void send(InProcess.Peer peer, String frame) {
		this.server.handle(peer, new TextMessage(frame));
	}

	private static List<String> received(InProcess.Peer peer) {
		return peer.received()
			.stream()
			.filter((frame) -> frame.headers().containsKey("subscription"))
			.map((frame) -> String.join(" ", frame.headers().get("destination").get(0),
					frame.headers().get("subscription").get(0), frame.headers().get("content-type").get(0),
					frame.text()))
			.toList();
	}

	@Configuration
	@EnableSessionLink
	static class OtherPrefix extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
			registry.setUserDestinationPrefix("/me");
		}

	}

	@Configuration
	@EnableSessionLink
	static class OtherBroker extends OtherPrefix {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.enableSimpleBroker("/sub");
		}

	}

	@Configuration
	@EnableSessionLink
	static class TextOnly extends OtherPrefix {

		@Override
		public boolean configureMessageConverters(List<MessageConverter> converters) {
			converters.add(new StringMessageConverter());
			return false;
		}

	}

	@Configuration
	@EnableSessionLink
	static class TwoTemplates extends OtherPrefix {

		@Bean
		SimpMessagingTemplate another(@Qualifier("brokerChannel") MessageChannel channel) {
			return new SimpMessagingTemplate(channel);
		}

	}

}
