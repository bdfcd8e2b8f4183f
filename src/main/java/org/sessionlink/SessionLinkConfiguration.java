package org.sessionlink;

import java.util.List;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.BrokerConfig;
import org.sessionlink.broker.LinkedBroker;
import org.sessionlink.broker.RelayHealth;
import org.sessionlink.broker.LinkedRelay;
import org.sessionlink.cluster.Cluster;
import org.sessionlink.handling.FrameExecutor;
import org.sessionlink.handling.HandlerThreads;
import org.sessionlink.handling.HandlingConfig;
import org.sessionlink.handling.MessageMethods;
import org.sessionlink.handshake.HandshakeSettings;
import org.sessionlink.handshake.Handshakes;
import org.sessionlink.handshake.LinkedEndpoints;
import org.sessionlink.handshake.Origin;
import org.sessionlink.handshake.SessionPolicy;
import org.sessionlink.handshake.SockJsRequests;
import org.sessionlink.inbound.FrameLimits;
import org.sessionlink.inbound.InboundConfig;
import org.sessionlink.inbound.InboundSettings;
import org.sessionlink.inbound.UserDestinations;
import org.sessionlink.link.Drain;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Links;
import org.sessionlink.link.LoginTries;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Presence;
import org.sessionlink.link.Refused;
import org.sessionlink.outbound.DrainSettings;
import org.sessionlink.outbound.LinkedUserRegistry;
import org.sessionlink.outbound.OutboundChannelConfig;
import org.sessionlink.outbound.OutboundConfig;
import org.sessionlink.outbound.OutboundSettings;
import org.sessionlink.outbound.PresenceSettings;
import org.sessionlink.outbound.Sockets;
import org.sessionlink.store.SessionLinks;
import org.sessionlink.store.StoreConfig;
import org.sessionlink.watch.AuditSettings;
import org.sessionlink.watch.Elsewhere;
import org.sessionlink.watch.Figures;
import org.sessionlink.watch.HealthCheck;
import org.sessionlink.watch.MetricsSettings;
import org.sessionlink.watch.OperatorSettings;
import org.sessionlink.watch.SessionApiSettings;
import org.sessionlink.watch.WatchConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.support.SimpAnnotationMethodMessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.AbstractMessageBrokerConfiguration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.messaging.simp.user.UserRegistryMessageHandler;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.DelegatingWebSocketMessageBrokerConfiguration;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;

/**
 * Spring's STOMP over WebSocket with the link in every endpoint, whoever registers it.
 *
 * <p>
 * It lives in applications of others (B40): what it needs is imported, class by class,
 * each bean has a name with our package in front, what is of a type of Spring's is a
 * fallback for it, and all is there from the start, also where an application has its
 * beans made lazily.
 */
@Configuration(proxyBeanMethods = false)
@Lazy(false)
@Import({ StoreConfig.class, HandlingConfig.class, InboundConfig.class, OutboundChannelConfig.class,
		OutboundConfig.class, BrokerConfig.class, WatchConfig.class })
class SessionLinkConfiguration extends ChannelConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(SessionLinkConfiguration.class);

	/** Of which each half servers tell each other of their users. */
	private static final long REGISTRY_MILLIS = 6_000;

	private final ServletContext servletContext;

	private final Installation installation;

	private final ObjectProvider<TaskScheduler> scheduler;

	private final ObjectProvider<Sockets> sockets;

	private final ObjectProvider<FrameLimits> frameLimits;

	private final ObjectProvider<LinkedBroker> brokers;

	private final ObjectProvider<SimpUserRegistry> users;

	private final ObjectProvider<Notices> notices;

	private @Nullable String internal;

	SessionLinkConfiguration(ServletContext servletContext, BeansInCode beansInCode,
			@Qualifier("messageBrokerTaskScheduler") ObjectProvider<TaskScheduler> scheduler,
			ObjectProvider<Sockets> sockets, ObjectProvider<FrameLimits> frameLimits,
			ObjectProvider<HandlerThreads> handlerThreads, ObjectProvider<LinkedBroker> brokers,
			ObjectProvider<SimpUserRegistry> users, ObjectProvider<Notices> notices) {
		super(new FrameExecutor(handlerThreads::getObject), beansInCode);
		this.brokers = brokers;
		this.users = users;
		this.frameLimits = frameLimits;
		this.notices = notices;
		this.servletContext = servletContext;
		this.sockets = sockets;
		this.scheduler = scheduler;
		this.installation = Installation.in(servletContext);
		IdleSockets.leaveOpen(servletContext);
	}

	@Autowired(required = false)
	void standAlone(List<AbstractMessageBrokerConfiguration> others) {
		Class<?> other = ClassUtils.getUserClass(others.get(0));
		throw new IllegalStateException((other == DelegatingWebSocketMessageBrokerConfiguration.class)
				? "@EnableWebSocketMessageBroker stands beside @EnableSessionLink, which includes it: "
						+ "remove @EnableWebSocketMessageBroker."
				: other.getName() + " sets up Spring's broker beside @EnableSessionLink, which does the same: "
						+ "make it a WebSocketMessageBrokerConfigurer.");
	}

	@Bean("org.sessionlink.beansInCode")
	static BeansInCode beansInCode(ConfigurableListableBeanFactory beans) {
		return new BeansInCode(beans);
	}

	// Static, as Spring asks the configurers, which need these, before this class is
	// made. What the start of the application has made ends with it, and not with a
	// context, which may be started again: Spring would find a method close by itself.
	@Bean(name = "org.sessionlink.links", destroyMethod = "")
	static Links links(ServletContext servletContext) {
		return Installation.in(servletContext).links();
	}

	@Bean(name = "org.sessionlink.linkClock", destroyMethod = "")
	static LinkClock linkClock(ServletContext servletContext) {
		return Installation.in(servletContext).clock();
	}

	@Bean("org.sessionlink.loginTries")
	static LoginTries loginTries(LinkClock clock, Links links) {
		return new LoginTries(clock, () -> links.refused(Refused.TOO_MANY_LOGINS));
	}

	@Bean(name = "org.sessionlink.inboundSettings", destroyMethod = "")
	static InboundSettings inboundSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().inbound();
	}

	@Bean(name = "org.sessionlink.outboundSettings", destroyMethod = "")
	static OutboundSettings outboundSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().outbound();
	}

	@Bean(name = "org.sessionlink.drainSettings", destroyMethod = "")
	static DrainSettings drainSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().drain();
	}

	@Bean(name = "org.sessionlink.presenceSettings", destroyMethod = "")
	static PresenceSettings presenceSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().presence();
	}

	@Bean(name = "org.sessionlink.operatorSettings", destroyMethod = "")
	static OperatorSettings operatorSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().operator();
	}

	@Bean(name = "org.sessionlink.auditSettings", destroyMethod = "")
	static AuditSettings auditSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().audit();
	}

	@Bean(name = "org.sessionlink.metricsSettings", destroyMethod = "")
	static MetricsSettings metricsSettings(ServletContext servletContext) {
		return Installation.in(servletContext).settings().metrics();
	}

	@Bean(name = "org.sessionlink.sessionApiSettings", destroyMethod = "")
	static SessionApiSettings sessionApiSettings(ServletContext servletContext) {
		HandshakeSettings handshake = Installation.in(servletContext).settings().handshake();
		return new SessionApiSettings(handshake.session() == SessionPolicy.REQUIRE,
				handshake.allowedOrigins().stream().map(Origin::value).toList());
	}

	@Bean(name = "org.sessionlink.sessionLinks", destroyMethod = "")
	static SessionLinks sessionLinks(ServletContext servletContext) {
		return Installation.in(servletContext).sessionLinks();
	}

	@Bean(name = "org.sessionlink.elsewhere", destroyMethod = "")
	static Elsewhere elsewhere(ServletContext servletContext) {
		return Installation.in(servletContext).elsewhere();
	}

	@Bean("org.sessionlink.presenceOfServers")
	static PresenceOfServers presenceOfServers(ServletContext servletContext, Presence presence) {
		return new PresenceOfServers(Installation.in(servletContext).cluster(), presence);
	}

	@Bean("org.sessionlink.relayCheck")
	static HealthCheck relayCheck(RelayHealth relay) {
		return new EngineCheck("broker", () -> relay.concern() != null, relay::ready);
	}

	@Bean("org.sessionlink.storeCheck")
	static HealthCheck storeCheck(ServletContext servletContext, ApplicationContext context) {
		Cluster cluster = Installation.in(servletContext).cluster();
		if (cluster != null && cluster.hasRivalsIn(context)) {
			throw new IllegalStateException(
					"The application has a Spring Session of its own, and sessionlink.redis.url is "
							+ "set, which brings another: leave out one of the two.");
		}
		return new EngineCheck("store", () -> cluster != null && cluster.concern() != null,
				() -> cluster == null || cluster.ready());
	}

	@Bean("org.sessionlink.storePolicyCheck")
	static HealthCheck storePolicyCheck(ServletContext servletContext) {
		Cluster cluster = Installation.in(servletContext).cluster();
		return new EngineCheck("store throws away", () -> cluster != null && cluster.throwsAway(), () -> true);
	}

	@Bean("org.sessionlink.engineFigures")
	static Figures engineFigures(ServletContext servletContext, RelayHealth relay) {
		return new EngineFigures(Installation.in(servletContext).cluster(), relay);
	}

	@Bean("org.sessionlink.jettyStop")
	static JettyStop jettyStop(ServletContext servletContext, Drain drain) {
		return new JettyStop(servletContext, drain);
	}

	@Bean("org.sessionlink.socketMemory")
	static SocketMemory socketMemory(ServletContext servletContext) {
		return new SocketMemory(servletContext);
	}

	/** Finds the destinations of users by whatever name. */
	@Bean
	@Override
	public UserDestinationResolver userDestinationResolver(SimpUserRegistry userRegistry,
			AbstractSubscribableChannel clientInboundChannel, AbstractSubscribableChannel clientOutboundChannel) {
		UserDestinations resolver = new UserDestinations(userRegistry);
		UserDestinationResolver model = super.userDestinationResolver(userRegistry, clientInboundChannel,
				clientOutboundChannel);
		if (model instanceof DefaultUserDestinationResolver spring) {
			resolver.setUserDestinationPrefix(spring.getDestinationPrefix());
			resolver.among(this.internal);
		}
		return resolver;
	}

	@Override
	protected void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		TransportInCode inCode = new TransportInCode(registration, this.installation.settings());
		super.configureWebSocketTransport(inCode);
		this.frameLimits.getObject().messageSize(inCode.messageSize());
		this.sockets.getObject().settings(inCode.outbound());
	}

	/** Puts a broker elsewhere in the place of one here, where the settings name one. */
	@Override
	protected void configureMessageBroker(MessageBrokerRegistry registry) {
		RelayInCode inCode = new RelayInCode(registry, this.installation.settings().relay(),
				this.servletContext.getContextPath());
		super.configureMessageBroker(inCode);
		inCode.complete();
		this.internal = inCode.internal();
	}

	/** Has other servers hear of this one's users within seconds. */
	@Bean
	@Override
	public @Nullable MessageHandler userRegistryMessageHandler(AbstractSubscribableChannel clientInboundChannel,
			AbstractSubscribableChannel clientOutboundChannel, SimpUserRegistry userRegistry,
			SimpMessagingTemplate brokerMessagingTemplate,
			@Qualifier("messageBrokerTaskScheduler") TaskScheduler scheduler) {
		MessageHandler handler = super.userRegistryMessageHandler(clientInboundChannel, clientOutboundChannel,
				userRegistry, brokerMessagingTemplate, scheduler);
		if (this.internal != null && handler instanceof UserRegistryMessageHandler spring) {
			spring.setRegistryExpirationPeriod(REGISTRY_MILLIS);
		}
		return handler;
	}

	/** Puts SessionLink's relay in the place of Spring's. */
	@Bean
	@Override
	public @Nullable AbstractBrokerMessageHandler stompBrokerRelayMessageHandler(
			AbstractSubscribableChannel clientInboundChannel, AbstractSubscribableChannel clientOutboundChannel,
			AbstractSubscribableChannel brokerChannel, UserDestinationMessageHandler userDestinationMessageHandler,
			@Nullable MessageHandler userRegistryMessageHandler, UserDestinationResolver userDestinationResolver) {
		AbstractBrokerMessageHandler model = super.stompBrokerRelayMessageHandler(clientInboundChannel,
				clientOutboundChannel, brokerChannel, userDestinationMessageHandler, userRegistryMessageHandler,
				userDestinationResolver);
		if (!(model instanceof StompBrokerRelayMessageHandler spring)) {
			return model;
		}
		warnOf("sessionlink.destinations.keep", this.installation.settings().history().keep());
		warnOf("sessionlink.destinations.work", this.installation.settings().acknowledgement().work());
		LinkedRelay relay = new LinkedRelay(spring, this.installation.settings().relay(),
				this.installation.settings().outbound().heartbeat(), this.sockets.getObject(),
				this.installation.clock(), this.notices.getObject());
		if (userDestinationResolver instanceof DefaultUserDestinationResolver users) {
			relay.setUserDestinationPredicate((destination) -> destination.startsWith(users.getDestinationPrefix()));
		}
		return relay;
	}

	private static void warnOf(String setting, List<?> destinations) {
		if (!destinations.isEmpty()) {
			logger.warn("{} has no effect on destinations of a broker elsewhere: it is for the one in memory", setting);
		}
	}

	/**
	 * Puts SessionLink's broker in the place of Spring's simple one, with heart-beats
	 * both ways (B36) unless the application has set some.
	 */
	@Bean
	@Override
	public @Nullable AbstractBrokerMessageHandler simpleBrokerMessageHandler(
			AbstractSubscribableChannel clientInboundChannel, AbstractSubscribableChannel clientOutboundChannel,
			AbstractSubscribableChannel brokerChannel, UserDestinationResolver userDestinationResolver) {
		AbstractBrokerMessageHandler model = super.simpleBrokerMessageHandler(clientInboundChannel,
				clientOutboundChannel, brokerChannel, userDestinationResolver);
		if (!(model instanceof SimpleBrokerMessageHandler simple)) {
			return model;
		}
		BrokerInCode inCode = new BrokerInCode(simple, this.installation.settings());
		inCode.giveHeartbeats(this.scheduler::getObject);
		inCode.nameSelectors();
		LinkedBroker broker = new LinkedBroker(simple, clientInboundChannel, clientOutboundChannel, brokerChannel,
				this.sockets.getObject(), this.installation.settings().acknowledgement(),
				this.installation.settings().history(), this.installation.messageLog(),
				this.installation.links()::refused);
		if (userDestinationResolver instanceof DefaultUserDestinationResolver users) {
			broker.setUserDestinationPredicate((destination) -> destination.startsWith(users.getDestinationPrefix()));
		}
		return broker;
	}

	/** Keeps what is sent to users, where the settings say so (B31). */
	@Bean
	@Override
	public UserDestinationMessageHandler userDestinationMessageHandler(AbstractSubscribableChannel clientInboundChannel,
			AbstractSubscribableChannel clientOutboundChannel, AbstractSubscribableChannel brokerChannel,
			UserDestinationResolver userDestinationResolver) {
		UserDestinationMessageHandler model = super.userDestinationMessageHandler(clientInboundChannel,
				clientOutboundChannel, brokerChannel, userDestinationResolver);
		return this.installation.settings().history().keep().isEmpty() ? model
				: new KeptUserMessages(model, clientInboundChannel, brokerChannel,
						SingletonSupplier.ofNullable(this.brokers::getIfAvailable),
						SingletonSupplier.ofNullable(this.users::getIfAvailable));
	}

	@Override
	protected SimpAnnotationMethodMessageHandler createAnnotationMethodMessageHandler(
			AbstractSubscribableChannel clientInboundChannel, AbstractSubscribableChannel clientOutboundChannel,
			SimpMessagingTemplate brokerMessagingTemplate) {
		MessageMethods methods = new MessageMethods(clientInboundChannel, clientOutboundChannel,
				brokerMessagingTemplate);
		methods.setPhase(getPhase());
		return methods;
	}

	@Override
	protected SimpUserRegistry createLocalUserRegistry(@Nullable Integer order) {
		LinkedUserRegistry registry = new LinkedUserRegistry();
		if (order != null) {
			registry.setOrder(order);
		}
		return registry;
	}

	/** Gives Spring's registry up to the application, which then links all endpoints. */
	@Bean
	@Override
	public HandlerMapping stompWebSocketHandlerMapping(WebSocketHandler subProtocolWebSocketHandler,
			TaskScheduler messageBrokerTaskScheduler, AbstractSubscribableChannel clientInboundChannel) {
		LinkedEndpoints endpoints = new LinkedEndpoints(decorateWebSocketHandler(subProtocolWebSocketHandler),
				getTransportRegistration(), messageBrokerTaskScheduler, handshakes());
		ApplicationContext context = getApplicationContext();
		if (context != null) {
			endpoints.setApplicationContext(context);
		}
		registerStompEndpoints(endpoints);
		HandlerMapping mapping = endpoints.getHandlerMapping();
		if (mapping instanceof WebSocketHandlerMapping webSockets) {
			webSockets.setPhase(getPhase());
		}
		return mapping;
	}

	private Handshakes handshakes() {
		Settings settings = this.installation.settings();
		SockJsRequests sockJs = new SockJsRequests(this.installation.links(), this.installation.sessionLinks(),
				this.sockets::getObject, () -> this.frameLimits.getObject().messageSize());
		return new Handshakes(this.installation.links(), this.installation.sessionLinks(), settings.handshake(), sockJs,
				settings.inbound().csrfOnConnect(), this.servletContext);
	}

}
