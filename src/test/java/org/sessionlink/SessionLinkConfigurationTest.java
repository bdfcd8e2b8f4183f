package org.sessionlink;

import java.time.Duration;
import java.util.EventListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sessionlink.link.Crew;
import org.sessionlink.link.LinkClock;
import org.sessionlink.watch.AuditTrail;
import org.sessionlink.watch.LinkOperations;
import org.sessionlink.watch.OperatorController;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.support.AbstractMessageChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SessionLinkConfigurationTest {

	private final MockServletContext servletContext = new MockServletContext() {

		@Override
		public <T extends EventListener> void addListener(T listener) {
			// The mock refuses listeners; here none is called.
		}

	};

	@Test
	void everyEndpointChecksUpgradeAndOriginBeforeItGivesASession() {
		new SessionLinkInitializer().onStartup(this.servletContext);

		try (AnnotationConfigWebApplicationContext context = start(ChatConfig.class)) {
			Map<String, Object> endpoints = context.getBean(WebSocketHandlerMapping.class).getHandlerMap();

			assertThat(endpoints).containsOnlyKeys("/chat", "/news");
			assertThat(endpoints.values()).allSatisfy((endpoint) -> assertThat(interceptors(endpoint))
				.extracting((interceptor) -> interceptor.getClass().getSimpleName())
				.startsWith("UpgradeCheck", "OriginCheck", "LeavingCheck", "LinkHandshakeInterceptor"));
		}
	}

	@Test
	void theOperatorsApiIsOnlyWhereItWasAskedForAndTheJavaApiEverywhere() {
		new SessionLinkInitializer().onStartup(this.servletContext);

		try (AnnotationConfigWebApplicationContext context = start(ChatConfig.class)) {
			assertThat(context.getBeansOfType(OperatorController.class)).isEmpty();
			assertThat(context.getBeansOfType(LinkOperations.class)).hasSize(1);
			assertThat(context.getBeansOfType(AuditTrail.class)).hasSize(1);
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { ChatConfig.class, FailingConfig.class })
	void aContextThatIsStartedAgainHasAllItsThreads(Class<?> first) throws Exception {
		new SessionLinkInitializer().onStartup(this.servletContext);
		try {
			start(first).close();
		}
		catch (BeanCreationException ex) {
			assertThat(first).isEqualTo(FailingConfig.class);
		}
		CountDownLatch done = new CountDownLatch(1 + Crew.values().length);

		try (AnnotationConfigWebApplicationContext context = start(ChatConfig.class)) {
			LinkClock clock = context.getBean(LinkClock.class);
			clock.schedule(done::countDown, Duration.ZERO);
			Stream.of(Crew.values()).forEach((crew) -> clock.execute(crew, done::countDown));

			assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void everyChannelIsGuardedBeforeAnApplicationLooksAtItHoweverEarly() {
		new SessionLinkInitializer().onStartup(this.servletContext);

		try (AnnotationConfigWebApplicationContext context = start(EarlyConfig.class)) {
			assertThat(interceptors(context, "clientInboundChannel")).containsSubsequence("LinkGuard", "Firewall",
					"EarlyConfig", "ForgottenPasscode");
			assertThat(interceptors(context, "clientOutboundChannel")).containsSubsequence("SubscriptionGate",
					"Disconnects", "EarlyConfig");
		}
	}

	private static List<String> interceptors(AnnotationConfigWebApplicationContext context, String channel) {
		return context.getBean(channel, AbstractMessageChannel.class)
			.getInterceptors()
			.stream()
			.map((interceptor) -> interceptor.getClass().getSimpleName())
			.toList();
	}

	@Test
	void withoutTheInitializerTheStartSaysWhatIsMissing() {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(ChatConfig.class))
			.havingRootCause()
			.withMessageStartingWith("SessionLink was not there when the application started: ");
	}

	@Test
	void besideSpringsOwnAnnotationTheStartSaysWhichToRemove() {
		new SessionLinkInitializer().onStartup(this.servletContext);

		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(TwiceConfig.class))
			.havingRootCause()
			.withMessageEndingWith("remove @EnableWebSocketMessageBroker.");
	}

	@Test
	void aSettingThatMakesNoSenseStopsTheStart() {
		this.servletContext.addInitParameter("sessionlink.session", "often");

		assertThatExceptionOfType(SettingsException.class)
			.isThrownBy(() -> new SessionLinkInitializer().onStartup(this.servletContext));
	}

	private AnnotationConfigWebApplicationContext start(Class<?> configuration) {
		AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
		context.setServletContext(this.servletContext);
		context.register(configuration);
		context.refresh();
		return context;
	}

	private static List<HandshakeInterceptor> interceptors(Object endpoint) {
		return ((WebSocketHttpRequestHandler) endpoint).getHandshakeInterceptors();
	}

	@Configuration
	@EnableSessionLink
	static class ChatConfig implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/chat");
			registry.addEndpoint("/news");
		}

	}

	@Configuration
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static class EarlyConfig extends ChatConfig implements ChannelInterceptor {

		@Override
		public void configureClientInboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

		@Override
		public void configureClientOutboundChannel(ChannelRegistration registration) {
			registration.interceptors(this);
		}

	}

	@Configuration
	static class FailingConfig extends ChatConfig {

		@Bean
		SmartInitializingSingleton failure() {
			return () -> {
				throw new BeanCreationException("as at a first start");
			};
		}

	}

	@Configuration
	@EnableWebSocketMessageBroker
	static class TwiceConfig extends ChatConfig {

	}

}
