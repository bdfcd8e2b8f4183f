package org.sessionlink.guest;

import java.util.concurrent.atomic.AtomicInteger;

import org.sessionlink.EnableSessionLink;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Has the rest of its package found by a scan. */
@Configuration
@EnableSessionLink
@ComponentScan
public class Household implements WebSocketMessageBrokerConfigurer {

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.addEndpoint("/stomp");
	}

	@Override
	public void configureMessageBroker(MessageBrokerRegistry registry) {
		registry.enableSimpleBroker("/queue/");
		registry.setApplicationDestinationPrefixes("/app");
	}

}

@Configuration
class InboundConfig {

}

@Configuration
class OutboundConfig {

}

@Configuration
class OutboundChannelConfig {

}

@Configuration
class BrokerConfig {

}

@Configuration
class StoreConfig {

}

@Configuration
class HandlingConfig {

}

@Configuration
class WatchConfig {

}

@Configuration
class SessionLinkConfiguration {

}

@Component
class Links {

}

@Component
class Sockets {

}

@Component
class Writers {

}

@Service
class SessionLinks {

}

@Service
class SessionNotices {

}

@Service
class DestinationPolicy {

}

@Component
class LinkClock {

}

@Controller
class LinkOperations {

	private final AtomicInteger extended = new AtomicInteger();

	LinkOperations(Links links, Sockets sockets, Writers writers, SessionLinks sessionLinks, LinkClock clock,
			SessionNotices notices, DestinationPolicy policy) {
	}

	@MessageMapping("/session/extend")
	void extend() {
		this.extended.incrementAndGet();
	}

	@Override
	public String toString() {
		return this.extended + " times extended";
	}

}
