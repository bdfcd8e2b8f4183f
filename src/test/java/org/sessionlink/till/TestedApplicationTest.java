package org.sessionlink.till;

import java.security.Principal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sessionlink.EnableSessionLink;
import org.sessionlink.TestSocket;
import org.sessionlink.TestStart;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.NoLiveSessionException;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.stereotype.Controller;
import org.springframework.test.context.junit.jupiter.web.SpringJUnitWebConfig;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** B40: how an application tests its message methods, with what SessionLink gives it. */
@SpringJUnitWebConfig(TestedApplicationTest.Till.class)
@ContextConfiguration(initializers = TestStart.class)
class TestedApplicationTest {

	private final List<String> published = new CopyOnWriteArrayList<>();

	private final MockHttpSession session = new MockHttpSession();

	private final ChannelInterceptor ear = new ChannelInterceptor() {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			TestedApplicationTest.this.published
				.add(SimpMessageHeaderAccessor.getDestination(message.getHeaders()) + " " + text(message));
			return message;
		}

	};

	@Autowired
	private ApplicationContext context;

	@Autowired
	@Qualifier("brokerChannel")
	private AbstractSubscribableChannel broker;

	@BeforeEach
	void listen() {
		this.broker.addInterceptor(this.ear);
	}

	@AfterEach
	void stopListening() {
		this.broker.removeInterceptor(this.ear);
	}

	private static String text(Message<?> message) {
		return (message.getPayload() instanceof byte[] bytes) ? new String(bytes) : message.getPayload().toString();
	}

	@Test
	void aMessageMethodIsCalledForSomebodyUnderTheirSession() {
		TestSocket ada = new TestSocket(this.context, this.session, () -> "ada", "CUSTOMER");
		ada.connect();

		ada.send("/app/buy", "tea");

		assertThat(this.published).containsExactly("/topic/bought ada: tea");
		assertThat(this.session.getAttribute("bought")).isEqualTo("tea");
	}

	@Test
	void whatMayNotBeHasNoEffect() {
		TestSocket visitor = new TestSocket(this.context, this.session, null);
		visitor.connect();

		visitor.send("/topic/bought", "nothing");

		assertThat(this.published).noneMatch((message) -> message.startsWith("/topic/"));
	}

	@Test
	void aFrameUnderALinkThatHasEndedIsRefused() {
		TestSocket ada = new TestSocket(this.context, this.session, () -> "ada");
		ada.connect();
		ada.link().end(EndCause.KICKED);

		assertThatExceptionOfType(MessagingException.class).isThrownBy(() -> ada.send("/app/buy", "tea"))
			.withCauseInstanceOf(NoLiveSessionException.class);
		assertThat(this.published).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSessionLink
	@Import(TillController.class)
	static class Till implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/till");
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic/");
			registry.setApplicationDestinationPrefixes("/app");
		}

	}

	@Controller
	static class TillController {

		@MessageMapping("/buy")
		@SendTo("/topic/bought")
		String buy(String what, Principal customer, HttpSession session) {
			session.setAttribute("bought", what);
			return customer.getName() + ": " + what;
		}

	}

}
