package org.sessionlink;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** On which threads frames are handled and messages sent where nobody has said so. */
class DefaultThreadsTest {

	private InProcess server;

	@AfterEach
	void stop() {
		this.server.close();
	}

	@Test
	@OnPurpose({ "message methods run on threads of the inbound channel",
			"messages go out by threads of the outbound channel" })
	void theThreadThatReadsCallsMethodsAndTheOneThatPublishesSends() throws Exception {
		List<String> onSpring = threads(InProcess.onSpring(OnSpring.class));
		this.server.close();

		List<String> onSessionLink = threads(InProcess.onSessionLink(OnSessionLink.class));

		assertThat(onSpring.get(0)).startsWith("clientInboundChannel-");
		assertThat(onSpring.get(1)).startsWith("clientOutboundChannel-");
		assertThat(onSessionLink).containsOnly(Thread.currentThread().getName());
	}

	private List<String> threads(InProcess started) throws InterruptedException {
		this.server = started;
		InProcess.Peer peer = this.server.connect("1.2");
		await().until(() -> peer.received().size() == 1);
		this.server.handle(peer, new TextMessage("SUBSCRIBE\nid:1\ndestination:/app/where\n\n\0"));
		await().until(() -> peer.received().size() == 2);
		String method = peer.received().get(1).text();
		return List.of(method, this.server.bean(Where.class).sentBy.poll(10, TimeUnit.SECONDS));
	}

	/** Says on which thread it is called, and what is sent is sent. */
	@Controller
	static class Where implements ExecutorChannelInterceptor {

		private final BlockingQueue<String> sentBy = new LinkedBlockingQueue<>();

		@SubscribeMapping("/where")
		String where() {
			return Thread.currentThread().getName();
		}

		@Override
		public void afterMessageHandled(Message<?> message, MessageChannel channel, MessageHandler handler,
				Exception ex) {
			if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE) {
				this.sentBy.add(Thread.currentThread().getName());
			}
		}

	}

	/** The same application on both. */
	static class Application extends OneEndpoint {

		private final Where where = new Where();

		@Bean
		Where where() {
			return this.where;
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(this.where);
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
