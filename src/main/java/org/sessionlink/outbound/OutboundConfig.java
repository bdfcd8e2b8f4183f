package org.sessionlink.outbound;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.LinkClock;
import org.sessionlink.link.Links;
import org.sessionlink.link.Notices;
import org.sessionlink.link.OwnQueue;
import org.sessionlink.link.OwnQueues;
import org.sessionlink.link.Presence;
import org.sessionlink.link.PresenceNews;
import org.sessionlink.wire.Writers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.Phased;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/** Puts the gate between Spring and each socket. */
@Configuration(proxyBeanMethods = false)
@Fallback
@Lazy(false)
public class OutboundConfig implements WebSocketMessageBrokerConfigurer {

	private final OutboundSettings settings;

	private final Links links;

	private final Sockets sockets;

	private final Presence presence;

	private final ObjectProvider<SubscriptionControl> subscriptions;

	OutboundConfig(OutboundSettings settings, Links links, Sockets sockets, Presence presence,
			ObjectProvider<SubscriptionControl> subscriptions) {
		this.presence = presence;
		this.settings = settings;
		this.links = links;
		this.sockets = sockets;
		this.subscriptions = subscriptions;
	}

	@Bean("org.sessionlink.outbound.writers")
	static Writers writers(LinkClock clock) {
		return new Writers(clock);
	}

	@Bean("org.sessionlink.outbound.sockets")
	static Sockets sockets(OutboundSettings settings, Writers writers, LinkClock clock,
			ObjectProvider<UserDestinationResolver> users) {
		return new Sockets(settings, writers, clock, SingletonSupplier.of(() -> userPrefix(users.getIfAvailable())));
	}

	private static String userPrefix(@Nullable UserDestinationResolver users) {
		return (users instanceof DefaultUserDestinationResolver spring) ? spring.getDestinationPrefix() : "/user/";
	}

	@Bean("org.sessionlink.outbound.presence")
	static Presence presence(PresenceSettings settings, LinkClock clock, ObjectProvider<PresenceNews> news) {
		return new Presence(clock, settings.which(), settings.grace(), settings.most(), news::getObject);
	}

	@Bean("org.sessionlink.outbound.presenceOfLinks")
	PresenceOfLinks presenceOfLinks() {
		return new PresenceOfLinks(this.links, this.presence);
	}

	@Bean("org.sessionlink.outbound.sessionNotices")
	SessionNotices sessionNotices(Notices notices) {
		return new SessionNotices(this.links, this.sockets, notices);
	}

	@Bean("org.sessionlink.outbound.heartbeatMonitor")
	HeartbeatMonitor heartbeatMonitor(LinkClock clock) {
		return new HeartbeatMonitor(this.links, clock, this.settings.heartbeat());
	}

	@Bean("org.sessionlink.outbound.outboundDrain")
	OutboundDrain outboundDrain(LinkClock clock, DrainSettings drain,
			@Qualifier("subProtocolWebSocketHandler") ObjectProvider<SubProtocolWebSocketHandler> endpoints) {
		return new OutboundDrain(this.links, this.sockets, clock, drain,
				() -> endpoints.stream().mapToInt(Phased::getPhase).findFirst().orElse(0));
	}

	@Bean("org.sessionlink.outbound.subscriptionControl")
	SubscriptionControl subscriptionControl(@Qualifier("brokerChannel") MessageChannel brokerChannel,
			ApplicationEventPublisher events, SessionNotices notices, DestinationPolicy policy,
			ObjectProvider<OwnQueue> own, ObjectProvider<SimpUserRegistry> users) {
		return new SubscriptionControl(brokerChannel, events, notices,
				OwnQueues.before(policy, own.stream().toList(), this.sockets::ofUsers),
				(event) -> users.ifAvailable((registry) -> tell(registry, event)));
	}

	// Not by the application's events: a listener that fails there would keep it from
	// hearing.
	private static void tell(SimpUserRegistry users, UserChangedEvent event) {
		if (users instanceof SmartApplicationListener listener) {
			listener.onApplicationEvent(event);
		}
	}

	// Once Spring has given its handler an endpoint, and the context for a publisher.
	@Bean("org.sessionlink.outbound.currentUserInEvents")
	static SmartInitializingSingleton currentUserInEvents(
			@Qualifier("subProtocolWebSocketHandler") WebSocketHandler sockets, ApplicationEventPublisher events) {
		return () -> {
			for (SubProtocolHandler protocol : ((SubProtocolWebSocketHandler) sockets).getProtocolHandlers()) {
				if (protocol instanceof StompSubProtocolHandler stomp) {
					stomp.setApplicationEventPublisher(new CurrentUser(events));
				}
			}
		};
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		Supplier<SubscriptionControl> control = SingletonSupplier.of(this.subscriptions::getObject);
		registration.addDecoratorFactory((handler) -> new GatedHandler(handler, this.sockets, control, this::attend));
	}

	private void attend(GatedSocket socket) {
		this.presence.attend(socket.id(), socket.socketLink(), socket::isClosing);
	}

}
