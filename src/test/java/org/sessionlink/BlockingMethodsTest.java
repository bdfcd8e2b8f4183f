package org.sessionlink;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.handling.Blocking;
import org.sessionlink.link.Home;
import org.sessionlink.link.Links;
import org.sessionlink.link.SocketLink;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of a blocking method when everything stands around it. */
class BlockingMethodsTest {

	private static final String SLOW = "SEND\ndestination:/app/slow\n\n\0";

	private final StartingContext servletContext = new StartingContext();

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private final List<String> frames = new CopyOnWriteArrayList<>();

	private final QuietSession session = new QuietSession() {

		@Override
		public void sendMessage(WebSocketMessage<?> message) {
			String text = (message.getPayload() instanceof ByteBuffer) ? "ping" : (String) message.getPayload();
			BlockingMethodsTest.this.frames.add(text.lines().findFirst().orElse("heart-beat"));
		}

	};

	private WebSocketHandler endpoint;

	@AfterEach
	void stop() {
		this.context.close();
		this.servletContext.stop();
	}

	@Test
	void theGateHearsOfWhatIsReadBeforeFramesAreMadeOfIt() {
		start("10s");

		List<String> names = new ArrayList<>();
		WebSocketHandler handler = this.endpoint;
		while (handler instanceof WebSocketHandlerDecorator decorator) {
			names.add(decorator.getClass().getSimpleName());
			handler = decorator.getDelegate();
		}

		assertThat(names).containsSubsequence("GatedHandler", "FrameReader");
	}

	@Test
	void anAnswerThatIsUnderWayWhenTheServerStopsStillGoesOut() throws Exception {
		start("10s");
		connect("0,0");
		send("SUBSCRIBE\nid:1\ndestination:/topic/answers\n\n\0");
		send(SLOW);
		Gate gate = this.context.getBean(Gate.class);
		assertThat(gate.entered.await(10, TimeUnit.SECONDS)).isTrue();

		Thread closing = new Thread(this.context::close);
		closing.start();
		await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
		gate.open.countDown();
		closing.join(10_000);

		assertThat(this.frames).containsExactly("CONNECTED", "MESSAGE", "ERROR");
		assertThat(this.session.isOpen()).isFalse();
	}

	@Test
	void aClientThatSendsItsHeartbeatsIsNotClosedThoughItsFrameWaitsForLonger() throws Exception {
		start("1s");
		connect("1000,0");
		send(SLOW);
		Gate gate = this.context.getBean(Gate.class);
		assertThat(gate.entered.await(10, TimeUnit.SECONDS)).isTrue();

		// As long as it takes to lose three heart-beats, and the next look for them.
		for (int i = 0; i < 10; i++) {
			send("\n");
			assertThat(gate.open.await(500, TimeUnit.MILLISECONDS)).isFalse();
			assertThat(this.session.isOpen()).as("after %s heart-beats", i).isTrue();
		}
		gate.open.countDown();
	}

	private void start(String heartbeat) {
		this.servletContext.addInitParameter("sessionlink.heartbeat", heartbeat);
		new SessionLinkInitializer().onStartup(this.servletContext);
		this.context.setServletContext(this.servletContext);
		this.context.register(ChatConfig.class);
		this.context.refresh();
		this.endpoint = ((WebSocketHttpRequestHandler) this.context
			.getBean("stompWebSocketHandlerMapping", SimpleUrlHandlerMapping.class)
			.getUrlMap()
			.get("/chat")).getWebSocketHandler();
	}

	private void connect(String heartbeats) throws Exception {
		new SocketLink(this.context.getBean(Links.class).open("key", "id", Home.GONE))
			.putInto(this.session.getAttributes());
		this.endpoint.afterConnectionEstablished(this.session);
		send("CONNECT\naccept-version:1.2\nheart-beat:" + heartbeats + "\n\n\0");
		await().until(() -> this.frames.contains("CONNECTED"));
	}

	private void send(String text) throws Exception {
		this.endpoint.handleMessage(this.session, new TextMessage(text));
	}

	@Configuration
	@EnableSessionLink
	@Import(SlowController.class)
	static class ChatConfig implements WebSocketMessageBrokerConfigurer {

		@Bean
		Gate gate() {
			return new Gate();
		}

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/chat");
		}

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.addDecoratorFactory(WebSocketHandlerDecorator::new);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	static class Gate {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch open = new CountDownLatch(1);

	}

	@Controller
	static class SlowController {

		private final Gate gate;

		SlowController(Gate gate) {
			this.gate = gate;
		}

		@Blocking
		@MessageMapping("/slow")
		@SendTo("/topic/answers")
		String slow() throws InterruptedException {
			this.gate.entered.countDown();
			assertThat(this.gate.open.await(30, TimeUnit.SECONDS)).isTrue();
			return "answer";
		}

	}

}
