package org.sessionlink.inbound;

import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.ClientHeartbeats;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Links;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OpenSockets;
import org.sessionlink.link.OwnQueue;
import org.sessionlink.link.OwnQueues;
import org.sessionlink.link.ReceiptSender;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.PriorityOrdered;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.broker.DefaultSubscriptionRegistry;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
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
@Lazy(false)
public class InboundConfig implements WebSocketMessageBrokerConfigurer, PriorityOrdered {

	private final InboundSettings settings;

	private final FrameLimits limits;

	private final SafeErrorHandler errors;

	private final Refusals refusals;

	private final BeanFactory beans;

	InboundConfig(InboundSettings settings, FrameLimits limits, Links links, BeanFactory beans) {
		this.settings = settings;
		this.limits = limits;
		this.errors = new SafeErrorHandler(links);
		this.refusals = refusals(settings, beans);
		this.beans = beans;
	}

	@Bean("org.sessionlink.inbound.frameLimits")
	static FrameLimits frameLimits(InboundSettings settings) {
		return new FrameLimits(settings);
	}

	/** What the settings allow, unless the application has a policy of its own. */
	@Bean("org.sessionlink.inbound.destinationPolicy")
	@Fallback
	static DestinationPolicy destinationPolicy(InboundSettings settings, BeanFactory beans) {
		return new DestinationRules(settings.destinations(), () -> DestinationPrefixes.of(beans));
	}

	/** Says at the start what is open to clients. */
	@Bean("org.sessionlink.inbound.openDestinations")
	static SmartInitializingSingleton openDestinations(ObjectProvider<DestinationPolicy> policy) {
		return () -> policy.ifAvailable((asked) -> {
			if (asked instanceof DestinationRules rules) {
				rules.log();
			}
		});
	}

	/** Says at the start that nobody is there to ask who logs in. */
	@Bean("org.sessionlink.inbound.connectLogins")
	static SmartInitializingSingleton connectLogins(InboundSettings settings,
			ObjectProvider<ConnectAuthenticator> authenticator) {
		return () -> {
			if (settings.connectLogin() != ConnectLogin.IGNORED && authenticator.getIfAvailable() == null) {
				throw new IllegalStateException("sessionlink.connect-login asks for logins, and the application has "
						+ "nobody who knows them: add a bean of type ConnectAuthenticator, or leave it ignored.");
			}
		};
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
		Supplier<DestinationPrefixes> prefixes = SingletonSupplier.of(() -> DestinationPrefixes.of(this.beans));
		BrokersShare share = new BrokersShare(SingletonSupplier.of(this::isBrokerElsewhere)::get,
				(destination) -> prefixes.get().isMoreThanAName(destination), this.settings.passedHeaders());
		SendOnce once = new SendOnce(SingletonSupplier.of(this.beans.getBeanProvider(ReceiptSender.class)::getObject),
				SingletonSupplier.of(this.beans.getBeanProvider(Notices.class)::getObject));
		registration.interceptors(new LinkGuard(this.settings.activity()), once, firewall(share), share);
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		Supplier<FrameQueue.Factory> queues = SingletonSupplier
			.of(this.beans.getBeanProvider(FrameQueue.Factory.class)::getObject);
		Supplier<Boolean> elsewhere = SingletonSupplier.of(this::isBrokerElsewhere);
		registration.addDecoratorFactory((handler) -> new FrameReader(handler, this.limits, this.errors, this.refusals,
				queues, () -> new Transactions(this.settings.transactionSize(), elsewhere.get())));
	}

	// The beans that it asks are made later than the channel that it stands in.
	private Firewall firewall(BrokersShare share) {
		Supplier<DestinationPrefixes> prefixes = SingletonSupplier.of(() -> DestinationPrefixes.of(this.beans));
		Supplier<OpenSockets> sockets = SingletonSupplier.of(this.beans.getBeanProvider(OpenSockets.class)::getObject);
		Predicate<String> ofOneSocket = (destination) -> sockets.get().isOfOne(destination);
		Supplier<DestinationPolicy> policy = SingletonSupplier
			.of(() -> OwnQueues.before(this.beans.getBeanProvider(DestinationPolicy.class).getObject(),
					this.beans.getBeanProvider(OwnQueue.class).stream().toList(), sockets.get()::ofUsers));
		return new Firewall(this.limits, connectCheck(),
				new SendCheck(policy, prefixes, ofOneSocket, share, this.refusals),
				new SubscribeCheck(this.settings, policy, ofOneSocket, SingletonSupplier.of(this::selector),
						share::isRefusedElsewhere, this.refusals));
	}

	private boolean isBrokerElsewhere() {
		return this.beans.getBeanProvider(StompBrokerRelayMessageHandler.class).stream().findAny().isPresent();
	}

	private String selector() {
		return this.beans.getBeanProvider(SimpleBrokerMessageHandler.class)
			.stream()
			.map(SimpleBrokerMessageHandler::getSubscriptionRegistry)
			.filter(DefaultSubscriptionRegistry.class::isInstance)
			.map((registry) -> ((DefaultSubscriptionRegistry) registry).getSelectorHeaderName())
			.filter(Objects::nonNull)
			.findFirst()
			.orElse("selector");
	}

	private ConnectCheck connectCheck() {
		ObjectProvider<ConnectAuthenticator> authenticator = this.beans.getBeanProvider(ConnectAuthenticator.class);
		ObjectProvider<AbstractBrokerMessageHandler> brokers = this.beans
			.getBeanProvider(AbstractBrokerMessageHandler.class);
		Supplier<Long> wanted = SingletonSupplier.of(() -> heartbeatWanted(brokers.stream()));
		return new ConnectCheck(this.settings.csrfOnConnect(), this.settings.connectLogin(),
				authenticator::getIfAvailable, this.beans.getBean(LoginTries.class), wanted::get);
	}

	// Spring's own default is this.
	private static long heartbeatWanted(Stream<AbstractBrokerMessageHandler> brokers) {
		return brokers.map(InboundConfig::heartbeatWanted).filter(Objects::nonNull).findFirst().orElse(10_000L);
	}

	private static @Nullable Long heartbeatWanted(AbstractBrokerMessageHandler broker) {
		if (broker instanceof ClientHeartbeats heartbeats) {
			return heartbeats.wantedMillis();
		}
		long[] values = (broker instanceof SimpleBrokerMessageHandler simple) ? simple.getHeartbeatValue() : null;
		return (values != null) ? values[1] : null;
	}

	private static Refusals refusals(InboundSettings settings, BeanFactory beans) {
		return new Refusals(settings.closeOnRefusal(),
				SingletonSupplier.of(beans.getBeanProvider(Notices.class)::getObject));
	}

}
