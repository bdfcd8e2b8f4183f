package org.sessionlink.outbound;

import java.time.Duration;
import java.util.concurrent.Executor;

import org.sessionlink.link.Links;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

/** Puts the gate between Spring and each socket. */
@Configuration(proxyBeanMethods = false)
class OutboundConfig implements WebSocketMessageBrokerConfigurer {

	@Bean
	SessionNotices sessionNotices(Links links, SimpMessagingTemplate brokerMessagingTemplate) {
		return new SessionNotices(links, brokerMessagingTemplate);
	}

	@Bean
	SocketPings socketPings(Links links, @Qualifier("messageBrokerTaskScheduler") TaskScheduler scheduler) {
		return new SocketPings(links, scheduler);
	}

	@Bean
	OutboundDrain outboundDrain(@Qualifier("clientOutboundChannelExecutor") Executor clientOutboundChannelExecutor) {
		return new OutboundDrain(clientOutboundChannelExecutor, Duration.ofSeconds(2));
	}

	@Override
	public Integer getPhase() {
		return OutboundDrain.SOCKETS_PHASE;
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		registration.addDecoratorFactory(GatedHandler::new);
	}

}
