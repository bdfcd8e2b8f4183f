package org.sessionlink.outbound;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.PriorityOrdered;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * Watches what Spring sends to clients, before the interceptors of an application see it.
 */
@Configuration(proxyBeanMethods = false)
@Fallback
@Lazy(false)
public class OutboundChannelConfig implements WebSocketMessageBrokerConfigurer, PriorityOrdered {

	private final Sockets sockets;

	OutboundChannelConfig(Sockets sockets) {
		this.sockets = sockets;
	}

	/** Comes before every configurer of an application, whatever its order. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void configureClientOutboundChannel(ChannelRegistration registration) {
		registration.interceptors(new SubscriptionGate(this.sockets), new Disconnects(this.sockets));
	}

}
