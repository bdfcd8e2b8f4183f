package org.sessionlink.outbound;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * Watches what Spring sends to clients, before the interceptors of an application see it.
 */
@Configuration(proxyBeanMethods = false)
@Fallback
@Order(Ordered.HIGHEST_PRECEDENCE)
public class OutboundChannelConfig implements WebSocketMessageBrokerConfigurer {

	private final Sockets sockets;

	OutboundChannelConfig(Sockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public void configureClientOutboundChannel(ChannelRegistration registration) {
		registration.interceptors(new SubscriptionGate(this.sockets), new Disconnects(this.sockets));
	}

}
