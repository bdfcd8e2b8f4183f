package org.sessionlink;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.InProcess.Peer;
import org.sessionlink.InProcess.Received;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An application that logs people in by an interceptor of CONNECT frames, as many do. */
@ParameterizedClass
@ValueSource(classes = { OwnLoginTest.OwnConfig.class, OwnLoginTest.FirstConfig.class })
class OwnLoginTest {

	private final InProcess application;

	OwnLoginTest(Class<?> configuration) {
		this.application = InProcess.onSessionLink(configuration,
				Map.of("sessionlink.destinations.subscribe", "/topic/staff=STAFF, /topic/**"));
	}

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void theInterceptorSeesLoginAndPasscodeAndNothingBehindItDoes() {
		Peer ada = connect("ada", "engine");

		await().untilAsserted(() -> assertThat(ada.received()).singleElement()
			.satisfies((connected) -> assertThat(connected.headers()).containsEntry("user-name", List.of("ada"))));
		assertThat(this.application.bean(OwnConfig.class).connected).isNotNull().doesNotContain("engine", "passcode");
	}

	@Test
	void rulesWithRolesKnowTheRolesOfWhoLogsIn() {
		Peer ada = connect("ada", "engine");
		Peer guest = this.application.connect("1.2");

		subscribe(ada);
		subscribe(guest);
		this.application.template().convertAndSend("/topic/staff", "news");

		await().untilAsserted(
				() -> assertThat(ada.received()).extracting(Received::command).contains(StompCommand.MESSAGE));
		assertThat(guest.received()).extracting(Received::command).doesNotContain(StompCommand.MESSAGE);
	}

	@Test
	void whoMayNotIsToldByTheApplicationsErrorHandlerAndClosedWithACode() {
		Peer eve = connect("eve", "guess");

		await().untilAsserted(() -> assertThat(eve.received()).singleElement()
			.satisfies((error) -> assertThat(error.headers()).containsEntry("message", List.of("own words"))));
		await().until(() -> !eve.isOpen());
	}

	private Peer connect(String login, String passcode) {
		return this.application.connect("1.2", this.application.link(),
				"login:" + login + "\npasscode:" + passcode + "\n");
	}

	private void subscribe(Peer peer) {
		this.application.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/staff\n\n\0"));
	}

	@Configuration
	@EnableSessionLink
	static class OwnConfig implements WebSocketMessageBrokerConfigurer, ChannelInterceptor {

		private volatile String connected;

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/stomp");
			registry.setErrorHandler(new StompSubProtocolErrorHandler() {

				@Override
				public Message<byte[]> handleClientMessageProcessingError(Message<byte[]> frame, Throwable cause) {
					StompHeaderAccessor error = StompHeaderAccessor.create(StompCommand.ERROR);
					error.setMessage("own words");
					return handleInternal(error, new byte[0], null, null);
				}

			});
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (frame != null && StompCommand.CONNECT.equals(frame.getCommand()) && frame.getLogin() != null) {
				if (!"engine".equals(frame.getPasscode())) {
					throw new AccessDeniedException("Access Denied");
				}
				frame.setUser(new UsernamePasswordAuthenticationToken(frame.getLogin(), "",
						AuthorityUtils.createAuthorityList("ROLE_STAFF")));
			}
			return message;
		}

		@EventListener
		void onConnect(SessionConnectEvent event) {
			StompHeaderAccessor frame = StompHeaderAccessor.wrap(event.getMessage());
			this.connected = frame.getLogin() + " " + frame.getPasscode() + " " + frame.toNativeHeaderMap();
		}

	}

	/** As early as an application can be. */
	@Configuration
	@EnableSessionLink
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static class FirstConfig extends OwnConfig {

	}

}
