package org.sessionlink.journey.shop;

import java.security.Principal;
import java.util.Map;

import org.sessionlink.EnableSessionLink;
import org.sessionlink.watch.HealthApi;
import org.sessionlink.watch.MetricsApi;
import org.sessionlink.watch.OperatorController;
import org.sessionlink.watch.SessionApi;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

@Configuration
@EnableWebMvc
@EnableSessionLink
@Import({ ShopController.class, OperatorController.class, StaffController.class, WaitingController.class,
		HabitsController.class, LeavingController.class, SessionApi.class, HealthApi.class, MetricsApi.class,
		ShopPages.class })
class ShopConfig implements WebSocketMessageBrokerConfigurer {

	/** Under which attribute each socket has itself. */
	static final String SOCKET = "shop.socket";

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.addEndpoint("/greeting").addInterceptors(new EndingInterceptor());
		registry.addEndpoint("/counter").setHandshakeHandler(new Counter());
		registry.addEndpoint("/counter-js").setHandshakeHandler(new Counter()).withSockJS();
		registry.addEndpoint("/js").withSockJS();
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		registration.addDecoratorFactory((handler) -> new WebSocketHandlerDecorator(handler) {

			@Override
			public void afterConnectionEstablished(WebSocketSession session) throws Exception {
				EndingInterceptor.endAt("opening", session.getAttributes());
				session.getAttributes().put(SOCKET, session);
				super.afterConnectionEstablished(session);
				EndingInterceptor.endAt("opened", session.getAttributes());
			}

		});
	}

	@EventListener
	void onConnect(SessionConnectEvent event) {
		EndingInterceptor.endAt("connect",
				SimpMessageHeaderAccessor.getSessionAttributes(event.getMessage().getHeaders()));
	}

	@Override
	public void configureMessageBroker(MessageBrokerRegistry registry) {
		registry.enableSimpleBroker("/queue/", "/topic/");
		registry.setApplicationDestinationPrefixes("/app");
	}

	/** Names customers as a header asks for. */
	private static final class Counter extends DefaultHandshakeHandler {

		@Override
		protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String name = request.getHeaders().getFirst("Name");
			return () -> name;
		}

	}

}
