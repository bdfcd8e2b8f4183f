package org.sessionlink;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.DestinationVariable;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.util.AntPathMatcher;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** B39: an application whose destinations have dots where others have slashes. */
class DottedDestinationsTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void dotsAreAsGoodAsSlashes(boolean plain) {
		this.server = plain ? InProcess.onSpring(OnSpring.class)
				: InProcess.onSessionLinkSet(OnSessionLink.class, Map.of());
		InProcess.Peer peer = this.server.connect("1.2");
		frame(peer, "SUBSCRIBE\nid:1\ndestination:topic.room.a\n\n\0");
		frame(peer, "SUBSCRIBE\nid:2\ndestination:/user/queue.mine\n\n\0");
		frame(peer, "SUBSCRIBE\nid:3\ndestination:/app/welcome\n\n\0");
		await().until(() -> peer.bodies().contains("welcome"));

		frame(peer, "SEND\ndestination:/app/say.a\n\nhello\0");
		frame(peer, "SEND\ndestination:/app/mine\n\nme\0");

		await().untilAsserted(() -> assertThat(peer.bodies()).containsExactlyInAnyOrder("welcome", "hello", "me"));
	}

	private void frame(InProcess.Peer peer, String text) {
		this.server.handle(peer, new TextMessage(text));
	}

	@Controller
	static class Talk {

		@MessageMapping("say.{room}")
		@SendTo("topic.room.{room}")
		String say(@DestinationVariable String room, String words) {
			return words;
		}

		@MessageMapping("mine")
		@SendToUser(destinations = "/queue.mine", broadcast = false)
		String mine(String words) {
			return words;
		}

		@SubscribeMapping("welcome")
		String welcome() {
			return "welcome";
		}

	}

	/** The same application on both. */
	static class Application extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.setPathMatcher(new AntPathMatcher("."));
			registry.enableSimpleBroker("topic.", "queue.");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		Talk talk() {
			return new Talk();
		}

	}

	@Configuration
	@EnableSessionLink
	static class OnSessionLink extends Application {

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class OnSpring extends Application {

		// Else its SENDs may overtake the SUBSCRIBEs before them.
		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.taskExecutor().corePoolSize(1);
		}

	}

}
