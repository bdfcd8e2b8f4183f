package org.sessionlink.inbound;

import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Links;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.PriorityOrdered;
import org.springframework.messaging.simp.SimpMessageSendingOperations;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Makes frames of what comes from clients, and puts the guard and the firewall in front
 * of everything else that looks at them.
 */
@Configuration(proxyBeanMethods = false)
@Fallback
public class InboundConfig implements WebSocketMessageBrokerConfigurer, PriorityOrdered {

	private final InboundSettings settings;

	private final FrameLimits limits;

	private final SafeErrorHandler errors;

	private final Refusals refusals;

	private final BeanFactory beans;

	InboundConfig(InboundSettings settings, Links links, BeanFactory beans) {
		this.settings = settings;
		this.limits = new FrameLimits(settings);
		this.errors = new SafeErrorHandler(links);
		this.refusals = refusals(settings, beans);
		this.beans = beans;
	}

	/** What the settings allow, unless the application has a policy of its own. */
	@Bean("org.sessionlink.inbound.destinationPolicy")
	@Fallback
	static DestinationPolicy destinationPolicy(InboundSettings settings) {
		return new DestinationRules(settings);
	}

	@Bean("org.sessionlink.inbound.subscriptionCheck")
	SubscriptionCheck subscriptionCheck() {
		return new SubscriptionCheck();
	}

	/**
	 * Makes every STOMP endpoint find its frames decoded, and its errors told, by what is
	 * here: once the application has set what it wants to.
	 */
	@Bean("org.sessionlink.inbound.handedFrames")
	SmartInitializingSingleton handedFrames(
			@Qualifier("subProtocolWebSocketHandler") ObjectProvider<SubProtocolWebSocketHandler> endpoints) {
		return () -> endpoints.ifAvailable((handler) -> handler.getProtocolHandlers()
			.stream()
			.filter(StompSubProtocolHandler.class::isInstance)
			.map(StompSubProtocolHandler.class::cast)
			.forEach(this::takeOver));
	}

	private void takeOver(StompSubProtocolHandler stomp) {
		stomp.setDecoder(new HandedFrames());
		this.errors.leaveTo(stomp.getErrorHandler());
		stomp.setErrorHandler(this.errors);
	}

	/** Comes before every configurer of an application, whatever its order. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new LinkGuard(this.settings.activity()), firewall());
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		// What it would limit, the decoder does.
		registration.setMessageSizeLimit(Integer.MAX_VALUE);
		Supplier<FrameQueue.Factory> queues = SingletonSupplier
			.of(this.beans.getBeanProvider(FrameQueue.Factory.class)::getObject);
		registration.addDecoratorFactory(
				(handler) -> new FrameReader(handler, this.limits, this.errors, this.refusals, queues));
	}

	// The beans that it asks are made later than the channel that it stands in.
	private Firewall firewall() {
		ObjectProvider<SimpAnnotationMethodMessageHandler> methods = this.beans
			.getBeanProvider(SimpAnnotationMethodMessageHandler.class);
		Supplier<Collection<String>> prefixes = SingletonSupplier
			.of(() -> methods.getObject().getDestinationPrefixes());
		Supplier<DestinationPolicy> policy = SingletonSupplier
			.of(this.beans.getBeanProvider(DestinationPolicy.class)::getObject);
		return new Firewall(this.limits, connectCheck(),
				new SendCheck(policy, (destination) -> prefixes.get().stream().anyMatch(destination::startsWith),
						this.refusals),
				new SubscribeCheck(this.settings.subscriptionsPerSocket(), policy, this.refusals));
	}

	private ConnectCheck connectCheck() {
		ObjectProvider<ConnectAuthenticator> authenticator = this.beans.getBeanProvider(ConnectAuthenticator.class);
		ObjectProvider<AbstractBrokerMessageHandler> brokers = this.beans
			.getBeanProvider(AbstractBrokerMessageHandler.class);
		Supplier<Long> wanted = SingletonSupplier.of(() -> heartbeatWanted(brokers.stream()));
		return new ConnectCheck(this.settings.csrfOnConnect(), authenticator::getIfAvailable, wanted::get);
	}

	// A broker elsewhere says it to the client itself; Spring's own default is this.
	private static long heartbeatWanted(Stream<AbstractBrokerMessageHandler> brokers) {
		return brokers.filter(SimpleBrokerMessageHandler.class::isInstance)
			.findFirst()
			.map((broker) -> ((SimpleBrokerMessageHandler) broker).getHeartbeatValue())
			.map((values) -> values[1])
			.orElse(10_000L);
	}

	private static Refusals refusals(InboundSettings settings, BeanFactory beans) {
		ObjectProvider<SimpMessageSendingOperations> messages = beans
			.getBeanProvider(SimpMessageSendingOperations.class);
		return new Refusals(settings.closeOnRefusal(), new RefusalNotices(SingletonSupplier.of(messages::getObject)));
	}

}
