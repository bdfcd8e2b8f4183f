package org.sessionlink.broker;

import org.sessionlink.link.Notices;
import org.sessionlink.outbound.Sockets;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Lets clients have the receipts that they ask for, and notices. */
@Configuration(proxyBeanMethods = false)
@Fallback
@Lazy(false)
public class BrokerConfig implements WebSocketMessageBrokerConfigurer {

	private final Sockets sockets;

	BrokerConfig(Sockets sockets) {
		this.sockets = sockets;
	}

	@Bean("org.sessionlink.broker.ownNotices")
	static Notices ownNotices(Sockets sockets) {
		return new OwnNotices(sockets);
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new Receipts(this.sockets));
	}

}
