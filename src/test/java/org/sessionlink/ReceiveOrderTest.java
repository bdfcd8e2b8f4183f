package org.sessionlink;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * B33, B39: {@code setPreserveReceiveOrder(true)}, on plain Spring and on SessionLink.
 */
class ReceiveOrderTest {

	private static final int FRAMES = 50;

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void framesAreHandledInTheOrderSent(boolean plain) {
		InProcess.Peer peer = start(plain);

		IntStream.range(0, FRAMES).forEach((i) -> send(peer, "/app/say", "", String.valueOf(i)));

		await().until(() -> peer.bodies().size() == FRAMES);
		assertThat(peer.bodies()).isEqualTo(IntStream.range(0, FRAMES).mapToObj(String::valueOf).toList());
	}

	@ParameterizedTest
	@CsvSource({ "/elsewhere, none, unexpected-frame", "/app/say, denied, access-denied",
			"/app/say, failed, internal-error" })
	@OnPurpose("`setPreserveReceiveOrder(true)` keeps what an interceptor throws from the client")
	void whatIsRefusedIsToldAndClosesThoughTheOrderIsKept(String destination, String fault, String code) {
		if (!fault.equals("none")) {
			InProcess.Peer onSpring = start(true);
			send(onSpring, destination, fault, "lost");
			send(onSpring, destination, "", "behind");
			await().until(() -> !onSpring.bodies().isEmpty());
			assertThat(onSpring.isOpen()).isTrue();
			assertThat(commands(onSpring)).doesNotContain("ERROR");
			this.server.close();
		}
		InProcess.Peer peer = start(false);

		try (RecordedLog log = RecordedLog.of("org")) {
			if (fault.equals("none")) {
				this.server.handle(peer, new TextMessage("MESSAGE\ndestination:/topic/a\n\nforged\0"));
			}
			else {
				send(peer, destination, fault, "lost");
			}
			send(peer, "/app/say", "", "behind");

			await().until(() -> !peer.isOpen());
			assertThat(peer.received()).last()
				.satisfies((frame) -> assertThat(frame.headers()).containsEntry("message", List.of(code)));
			assertThat(peer.bodies()).isEmpty();
			assertThat(log.lines()).isNotEmpty()
				.noneSatisfy((line) -> assertThat(line).contains(peer.link().sessionId()));
		}
	}

	private InProcess.Peer start(boolean plain) {
		this.server = plain ? InProcess.onSpring(OnSpring.class) : InProcess.onSessionLink(OnSessionLink.class);
		InProcess.Peer peer = this.server.connect("1.2");
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n\0"));
		return peer;
	}

	private void send(InProcess.Peer peer, String destination, String fault, String body) {
		this.server.handle(peer,
				new TextMessage("SEND\ndestination:" + destination + "\nfault:" + fault + "\n\n" + body + "\0"));
	}

	private static List<String> commands(InProcess.Peer peer) {
		return peer.received().stream().map((frame) -> frame.command().toString()).toList();
	}

	/** The same application on both. */
	static class Application extends OneEndpoint {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			super.registerStompEndpoints(registry);
			registry.setPreserveReceiveOrder(true);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			super.configureMessageBroker(registry);
			registry.setPreservePublishOrder(true);
		}

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(new Faults());
			registration.taskExecutor().corePoolSize(4);
		}

		@Bean
		Talk talk() {
			return new Talk();
		}

	}

	@Controller
	static class Talk {

		@MessageMapping("/say")
		@SendTo("/topic/a")
		String say(String words) {
			return words;
		}

	}

	/** Refuses a frame that asks for it. */
	private static final class Faults implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			String fault = NativeMessageHeaderAccessor.getFirstNativeHeader("fault", message.getHeaders());
			if ("denied".equals(fault)) {
				throw new MessageDeliveryException(message, "no", new AccessDeniedException("not you"));
			}
			if ("failed".equals(fault)) {
				throw new UnsupportedOperationException("as of the application");
			}
			return message;
		}

	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends Application {

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends Application {

	}

}
