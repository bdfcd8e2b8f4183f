package org.sessionlink;

import java.io.IOException;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Interceptors of an application that fail, between clients and a broker elsewhere. */
class BrokerInterceptorsTest {

	private FakeBroker broker;

	private InProcess server;

	@BeforeEach
	void start() throws IOException {
		Intercepted.inbound = UnaryOperator.identity();
		Intercepted.outbound = UnaryOperator.identity();
		this.broker = new FakeBroker();
		this.server = InProcess.onSessionLink(Intercepted.class, Map.of("sessionlink.relay.hosts", this.broker.host()));
		RelayedTest.awaitBroker(this.server);
	}

	@AfterEach
	void stop() throws IOException {
		this.server.close();
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theConnectionOfAClientThatHasGoneEndsAlsoWhereItsDisconnectIsSwallowed(boolean fails) {
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		Intercepted.inbound = (message) -> {
			if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.DISCONNECT) {
				return message;
			}
			if (fails) {
				throw new IllegalStateException("of a test");
			}
			return null;
		};

		this.server.leave(peer);

		await().until(() -> this.broker.open().size() == 1);
	}

	@Test
	void whatAnInterceptorFailsAtIsMissingAndNothingElse() {
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		Intercepted.outbound = (message) -> {
			if (message.getPayload() instanceof byte[] body && new String(body).equals("bad")) {
				throw new StackOverflowError("of a test");
			}
			return message;
		};

		for (String body : new String[] { "1", "bad", "2" }) {
			this.broker.say("SUBSCRIBE\nid:a",
					"MESSAGE\nsubscription:a\nmessage-id:1\ndestination:/topic/a\n\n" + body + "\0");
		}

		await().until(() -> peer.bodies().contains("2"));
		assertThat(peer.bodies()).containsSubsequence("1", "2").doesNotContain("bad");
		assertThat(this.broker.open()).hasSize(2);
	}

	@Test
	void aClientWhoseConnectedAnInterceptorFailsAtHasNothingLeftAtTheBrokerOnceItHasGone() {
		Intercepted.outbound = (message) -> {
			throw new IllegalStateException("of a test");
		};
		InProcess.Peer peer = this.server.connect("1.2");

		this.server.leave(peer);
		Intercepted.outbound = UnaryOperator.identity();
		RelayedTest.client(this.server);

		await().until(() -> this.broker.frames("SUBSCRIBE\nid:a").size() == 1);
		await().until(() -> this.broker.open().size() == 2);
	}

	@Configuration
	@EnableSessionLink
	static class Intercepted extends OneEndpoint {

		private static volatile UnaryOperator<Message<?>> inbound;

		private static volatile UnaryOperator<Message<?>> outbound;

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					return inbound.apply(message);
				}
			});
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(new ChannelInterceptor() {
				@Override
				public Message<?> preSend(Message<?> message, MessageChannel channel) {
					return outbound.apply(message);
				}
			});
		}

	}

}
