package org.sessionlink;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.sessionlink.handling.Blocking;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.PongMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What publishers hear while a broker elsewhere is away. */
class BrokerAwayTest {

	private FakeBroker broker;

	private InProcess server;

	@BeforeEach
	void start() throws IOException {
		this.broker = new FakeBroker();
		this.server = InProcess.onSessionLink(Publishing.class,
				Map.of("sessionlink.relay.hosts", this.broker.host(), "sessionlink.heartbeat", "1s"));
		RelayedTest.awaitBroker(this.server);
	}

	@AfterEach
	void stop() throws IOException {
		this.server.close();
		this.broker.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "send", "return", "return-to-user", "send-to-user" })
	void whoeverPublishesInAClientsFrameHearsThatTheBrokerIsAway(String how) throws IOException {
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		this.broker.close();
		await().until(() -> RelayedTest.events(peer).contains("BROKER_DOWN"));

		RelayedTest.frame(this.server, peer, "SEND\ndestination:/app/" + how, "x");

		Methods methods = this.server.bean(Methods.class);
		await().until(() -> !methods.heard.isEmpty());
		assertThat(methods.heard).singleElement().isInstanceOf(MessageDeliveryException.class);
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void whatAMethodReturnsIsPublishedAlsoWhereItsClientHasLeftMeanwhile() {
		InProcess.Peer peer = RelayedTest.clientAt(this.broker, this.server);
		RelayedTest.frame(this.server, peer, "SEND\ndestination:/app/late", "x");
		Methods methods = this.server.bean(Methods.class);
		await().until(() -> methods.begun.getCount() == 0);

		this.server.leave(peer);
		await().until(() -> this.broker.open().size() == 1);
		methods.leaves.countDown();

		await().until(() -> this.broker.frames("SEND\n").stream().anyMatch((frame) -> frame.endsWith("late")));
	}

	@Test
	void aClientThatIsSilentIsClosedHoweverMuchIsPublishedUnderItsId() {
		InProcess.Peer peer = this.server.connect("1.2", this.server.link(), "heart-beat:1000,0\n");
		await().until(() -> this.broker.open().size() == 2);
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setSessionId(peer.getId());
		headers.setLeaveMutable(true);

		await().pollInterval(Duration.ofMillis(200)).until(() -> {
			this.server.handle(peer, new PongMessage());
			this.server.template().convertAndSend("/topic/a", "under its id", headers.getMessageHeaders());
			return !peer.isOpen();
		});
	}

	@Configuration
	@EnableSessionLink
	static class Publishing extends OneEndpoint {

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/", "/queue/");
			registry.setApplicationDestinationPrefixes("/app");
		}

		@Bean
		static Methods methods(SimpMessagingTemplate template) {
			return new Methods(template);
		}

	}

	@Controller
	static class Methods {

		private final BlockingQueue<Exception> heard = new LinkedBlockingQueue<>();

		private final CountDownLatch begun = new CountDownLatch(1);

		private final CountDownLatch leaves = new CountDownLatch(1);

		private final SimpMessagingTemplate template;

		Methods(SimpMessagingTemplate template) {
			this.template = template;
		}

		@MessageMapping("/send")
		void send() {
			this.template.convertAndSend("/topic/a", "sent");
		}

		@MessageMapping("/send-to-user")
		void sendToUser(SimpMessageHeaderAccessor frame) {
			String socketId = frame.getSessionId();
			SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
			headers.setSessionId(socketId);
			this.template.convertAndSendToUser(socketId, "/queue/a", "sent", headers.getMessageHeaders());
		}

		@MessageMapping("/late")
		@SendTo("/topic/a")
		@Blocking
		String late() throws InterruptedException {
			this.begun.countDown();
			this.leaves.await();
			return "late";
		}

		@MessageMapping("/return")
		@SendTo("/topic/a")
		String returned() {
			return "returned";
		}

		@MessageMapping("/return-to-user")
		@SendToUser("/queue/a")
		String returnedToUser() {
			return "returned";
		}

		@MessageExceptionHandler
		void hear(Exception ex) {
			this.heard.add(ex);
		}

	}

}
