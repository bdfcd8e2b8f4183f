package org.sessionlink.inbound;

import org.sessionlink.link.DestinationPolicy;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * Puts the guard in front of everything else that looks at a frame, and handles each
 * frame on the thread that reads it: so the frames of one socket are handled in the order
 * sent, and a SEND right behind its SUBSCRIBE never misses (B33).
 */
@Configuration(proxyBeanMethods = false)
@Order(Ordered.HIGHEST_PRECEDENCE)
class InboundConfig implements WebSocketMessageBrokerConfigurer {

	private final InboundSettings settings;

	InboundConfig(InboundSettings settings) {
		this.settings = settings;
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

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.setErrorHandler(new SafeErrorHandler());
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.interceptors(new LinkGuard(this.settings.activity()));
		// Not Spring's preserveReceiveOrder, which loses the errors of interceptors.
		registration.executor(new SyncTaskExecutor());
	}

}
