package org.sessionlink.inbound;

import java.util.Collection;
import java.util.function.Supplier;

import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Links;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Puts the guard and the firewall in front of everything else that looks at a frame, and
 * handles each frame on the thread that hands it over, which is the one that reads it
 * unless its method is {@link Blocking}: so the frames of one socket are handled in the
 * order sent, and a SEND right behind its SUBSCRIBE never misses (B33).
 */
@Configuration(proxyBeanMethods = false)
@Order(Ordered.HIGHEST_PRECEDENCE)
@Import(BlockingConfig.class)
class InboundConfig implements WebSocketMessageBrokerConfigurer {

	private final InboundSettings settings;

	private final FrameLimits limits;

	private final SafeErrorHandler errors;

	private final BeanFactory beans;

	InboundConfig(InboundSettings settings, Links links, BeanFactory beans) {
		this.settings = settings;
		this.limits = new FrameLimits(settings);
		this.errors = new SafeErrorHandler(links);
		this.beans = beans;
	}

	/** What the settings allow, unless the application has a policy of its own. */
	@Bean
	@Fallback
	static DestinationPolicy destinationPolicy(InboundSettings settings) {
		return new DestinationRules(settings);
	}

	@Bean
	SubscriptionCheck subscriptionCheck() {
		return new SubscriptionCheck();
	}

	/** Makes every STOMP endpoint decode as it is safe to. */
	@Bean
	SmartInitializingSingleton safeDecoding(
			@Qualifier("subProtocolWebSocketHandler") ObjectProvider<SubProtocolWebSocketHandler> endpoints) {
		return () -> endpoints.ifAvailable((handler) -> handler.getProtocolHandlers()
			.stream()
			.filter(StompSubProtocolHandler.class::isInstance)
			.forEach((stomp) -> ((StompSubProtocolHandler) stomp).setDecoder(new SafeDecoder(this.limits))));
	}

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.setErrorHandler(this.errors);
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new LinkGuard(this.settings.activity()), firewall());
		// Not Spring's preserveReceiveOrder, which loses the errors of interceptors.
		registration.executor(new SyncTaskExecutor());
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		// What it would limit, the decoder does.
		registration.setMessageSizeLimit(Integer.MAX_VALUE);
		registration.addDecoratorFactory((handler) -> new WholeMessages(handler, this.errors, this.limits));
	}

	// The beans that it asks are made later than the channel that it stands in.
	private Firewall firewall() {
		ObjectProvider<ConnectAuthenticator> authenticator = this.beans.getBeanProvider(ConnectAuthenticator.class);
		ObjectProvider<SimpMessageSendingOperations> messages = this.beans
			.getBeanProvider(SimpMessageSendingOperations.class);
		ObjectProvider<SimpAnnotationMethodMessageHandler> methods = this.beans
			.getBeanProvider(SimpAnnotationMethodMessageHandler.class);
		Supplier<Collection<String>> prefixes = SingletonSupplier
			.of(() -> methods.getObject().getDestinationPrefixes());
		return new Firewall(this.settings,
				new ConnectCheck(this.settings.csrfOnConnect(), authenticator::getIfAvailable),
				SingletonSupplier.of(this.beans.getBeanProvider(DestinationPolicy.class)::getObject),
				(destination) -> prefixes.get().stream().anyMatch(destination::startsWith),
				new RefusalNotices(SingletonSupplier.of(messages::getObject)));
	}

}
