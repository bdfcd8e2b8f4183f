package org.sessionlink.journey.twin;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodReturnValueHandler;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;
import org.springframework.web.util.UriComponentsBuilder;

/** Sets up all that Spring lets an application set up. */
@EnableWebMvc
@Import({ TwinSecurity.class, TwinEvents.class, TwinController.class, TwinMessages.class })
@Order(Ordered.HIGHEST_PRECEDENCE + 99)
public abstract class TwinConfig implements WebSocketMessageBrokerConfigurer {

	private final Diary diary = new Diary();

	@Bean
	Diary diary() {
		return this.diary;
	}

	@Override
	public void registerStompEndpoints(StompEndpointRegistry registry) {
		registry.addEndpoint("/stomp")
			.setHandshakeHandler(new Namer())
			.addInterceptors(new HttpSessionHandshakeInterceptor(List.of("colour")), new Tagger(this.diary))
			.setAllowedOrigins("https://partner.example");
		registry.addEndpoint("/sock")
			.setHandshakeHandler(new Namer())
			.withSockJS()
			.setInterceptors(new Tagger(this.diary));
		registry.addEndpoint("/open").setAllowedOriginPatterns("*").addInterceptors(new Tagger(this.diary));
		registry.setErrorHandler(new OwnErrors());
	}

	@Override
	public void configureMessageBroker(MessageBrokerRegistry registry) {
		registry.setApplicationDestinationPrefixes("/pub");
		registry.enableSimpleBroker("/sub", "/queue").setSelectorHeaderName("selector");
		registry.setUserDestinationPrefix("/account");
		registry.setPreservePublishOrder(true);
	}

	@Override
	public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
		registration.setMessageSizeLimit(8 * 1024);
		registration.addDecoratorFactory((handler) -> new WebSocketHandlerDecorator(handler) {

			@Override
			public void afterConnectionEstablished(WebSocketSession session) throws Exception {
				TwinConfig.this.diary.note((String) session.getAttributes().get(Diary.TAG), "opened");
				super.afterConnectionEstablished(session);
			}

		});
	}

	@Override
	public void configureClientInboundChannel(ChannelRegistration registration) {
		registration.executor(executor())
			.interceptors(new Watcher("in", this.diary), new Passcodes(), new Rewriter("inbound", "rewritten"));
	}

	@Override
	public void configureClientOutboundChannel(ChannelRegistration registration) {
		registration.interceptors(new Watcher("out", this.diary), new Rewriter("outbound", "rewritten"));
	}

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(new Shout.Resolver());
	}

	@Override
	public void addReturnValueHandlers(List<HandlerMethodReturnValueHandler> handlers) {
		handlers.add(new Shout.Echo(this.diary));
	}

	@Override
	public boolean configureMessageConverters(List<MessageConverter> converters) {
		converters.add(new Shout.Converter());
		return true;
	}

	// One thread, so that plain Spring has an order too.
	@Bean
	ThreadPoolTaskExecutor executor() {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setThreadNamePrefix("twin-");
		executor.setCorePoolSize(1);
		executor.setMaxPoolSize(1);
		executor.setDaemon(true);
		return executor;
	}

	@Bean
	SimpMessagingTemplate otherTemplate(@Qualifier("brokerChannel") MessageChannel broker) {
		SimpMessagingTemplate template = new SimpMessagingTemplate(broker);
		template.setUserDestinationPrefix("/account");
		template.setMessageConverter(new StringMessageConverter());
		return template;
	}

	/** Names people as a header asks for, or as Spring does. */
	private static final class Namer extends DefaultHandshakeHandler {

		@Override
		protected Principal determineUser(ServerHttpRequest request, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String name = request.getHeaders().getFirst("Name");
			return (name != null) ? () -> name : super.determineUser(request, handler, attributes);
		}

	}

	/** Puts the tag of a handshake into the attributes of its socket. */
	private record Tagger(Diary diary) implements HandshakeInterceptor {

		@Override
		public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Map<String, Object> attributes) {
			String tag = UriComponentsBuilder.fromUri(request.getURI()).build().getQueryParams().getFirst(Diary.TAG);
			attributes.put(Diary.TAG, tag);
			// For methods that want it, as many do.
			attributes.put("http", ((ServletServerHttpRequest) request).getServletRequest().getSession(false));
			this.diary.note(tag, "before handshake of " + request.getPrincipal());
			boolean refuses = request.getHeaders().containsHeader("Refuse");
			if (refuses) {
				response.setStatusCode(HttpStatus.PAYMENT_REQUIRED);
			}
			return !refuses;
		}

		@Override
		public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
				Exception exception) {
			String tag = UriComponentsBuilder.fromUri(request.getURI()).build().getQueryParams().getFirst(Diary.TAG);
			this.diary.note(tag, "after handshake");
		}

	}

}
