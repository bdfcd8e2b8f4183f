package org.sessionlink;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.inbound.ConnectAuthenticator;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.TextMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B46: CONNECTED says under which session, and as whom. */
class ConnectedTest {

	private static final Principal ADA = () -> "ada";

	private static final Principal BOB = () -> "bob";

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.0", "1.1", "1.2" })
	@OnPurpose("CONNECTED names no session, or one of a broker's own")
	void aClientIsToldUnderWhichSessionItIsConnected(String version) {
		start(OnSessionLink.class);

		InProcess.Received connected = connected(this.server.connect(version, this.server.link()));

		InProcess.Peer other = this.server.connect(version);
		assertThat(connected(other).headers()).containsEntry("session", List.of(other.link().fingerprint()))
			.containsEntry("version", List.of(version))
			.doesNotContainKey("user-name")
			.isNotEqualTo(connected.headers());
	}

	@Test
	void nothingThatAnApplicationDoesToTheFrameChangesThat() {
		start(Changing.class);

		InProcess.Peer peer = this.server.connect("1.2");

		InProcess.Received connected = connected(peer);
		assertThat(connected.headers()).containsEntry("session", List.of(peer.link().fingerprint()));
	}

	@Test
	void aFrameThatLooksAlikeInAMessageIsLeftAlone() {
		start(OnSessionLink.class);
		InProcess.Peer peer = this.server.connect("1.2");
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));

		this.server.template().convertAndSend("/topic/a", "CONNECTED\nversion:1.2\n\n");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactly("CONNECTED\nversion:1.2\n\n"));
	}

	@Test
	void whoLogsInWithTheFrameIsToldByWhichName() {
		start(Authenticated.class);

		InProcess.Peer peer = this.server.connect("1.2", loggedIn(ADA), "login:bob\npasscode:bob\n");

		assertThat(connected(peer).headers()).containsEntry("user-name", List.of("bob"));
	}

	@Test
	void whomAnInterceptorSetsIsToldByWhichName() {
		start(Intercepted.class);

		InProcess.Peer peer = this.server.connect("1.2", loggedIn(ADA));

		assertThat(connected(peer).headers()).containsEntry("user-name", List.of("bob"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ada\nb", "ada\r\nb", "ada\n\nb", "ada\nheart-beat:1,1", "ada\0b" })
	void aNameOfSeveralLinesIsOneHeader(String name) {
		start(OnSessionLink.class);

		InProcess.Peer peer = this.server.connect("1.2", loggedIn(() -> name));

		InProcess.Received connected = connected(peer);
		assertThat(connected.headers()).containsOnlyKeys("session", "version", "user-name");
		assertThat(connected.headers()).containsEntry("user-name", List.of(name.replaceAll("[\\r\\n\\x00]", "")));
		assertThat(connected.body()).isEmpty();
	}

	@Test
	void aLogoutBeforeTheAnswerIsInTheAnswer() {
		start(OnSessionLink.class);
		Link link = loggedIn(ADA);
		InProcess.Peer peer = this.server.open(link);

		link.identify(Identity.ANONYMOUS);
		this.server.handle(peer, new TextMessage("CONNECT\naccept-version:1.2\n\n\0"));

		assertThat(connected(peer).headers()).doesNotContainKey("user-name");
	}

	@Test
	void aLogoutWhileTheAnswerIsMadeIsInTheAnswer() {
		start(LoggingOut.class);
		Link link = loggedIn(ADA);
		LoggingOut.link = link;

		InProcess.Peer peer = this.server.connect("1.2", link);

		assertThat(connected(peer).headers()).doesNotContainKey("user-name");
	}

	private void start(Class<?> application) {
		this.server = InProcess.onSessionLinkSet(application, Map.of());
	}

	private Link loggedIn(Principal principal) {
		Link link = this.server.link();
		link.identify(new Identity(principal, Set.of()));
		return link;
	}

	private static InProcess.Received connected(InProcess.Peer peer) {
		await().until(() -> !peer.received().isEmpty());
		InProcess.Received connected = peer.received().get(0);
		assertThat(connected.command()).isEqualTo(StompCommand.CONNECTED);
		return connected;
	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends OneEndpoint {

	}

	@Configuration
	@EnableSessionLink
	static class Changing extends OneEndpoint implements ChannelInterceptor {

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor frame = StompHeaderAccessor.create(StompCommand.CONNECTED);
			frame.copyHeaders(message.getHeaders());
			frame.setVersion("1.2");
			frame.setHeartbeat(0, 0);
			frame.addNativeHeader("session", "no");
			frame.addNativeHeader("session", "neither");
			frame.setLeaveMutable(true);
			return MessageBuilder.createMessage(message.getPayload(), frame.getMessageHeaders());
		}

	}

	@Configuration
	@EnableSessionLink
	static class Authenticated extends OneEndpoint {

		@Bean
		ConnectAuthenticator authenticator() {
			return (login, passcode, link) -> new Identity(BOB, Set.of());
		}

	}

	@Configuration
	@EnableSessionLink
	static class Intercepted extends OneEndpoint implements ChannelInterceptor {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (frame.getCommand() == StompCommand.CONNECT) {
				frame.setUser(BOB);
			}
			return message;
		}

	}

	/** Where somebody logs out while the answer is on its way. */
	@Configuration
	@EnableSessionLink
	static class LoggingOut extends OneEndpoint implements ChannelInterceptor {

		private static Link link;

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			link.identify(Identity.ANONYMOUS);
			return message;
		}

	}

}
