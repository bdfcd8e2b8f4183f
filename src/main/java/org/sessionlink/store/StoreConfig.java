package org.sessionlink.store;

import java.util.List;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Lets message methods declare a parameter for the HTTP session. */
@Configuration(proxyBeanMethods = false)
@Fallback
@Lazy(false)
public class StoreConfig implements WebSocketMessageBrokerConfigurer {

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(new LiveSession());
	}

}
