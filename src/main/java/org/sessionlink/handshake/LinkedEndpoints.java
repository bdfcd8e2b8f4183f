package org.sessionlink.handshake;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.springframework.context.ApplicationContext;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.CollectionUtils;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.StompWebSocketEndpointRegistration;
import org.springframework.web.socket.config.annotation.WebMvcStompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;
import org.springframework.web.socket.sockjs.transport.TransportType;
import org.springframework.web.socket.sockjs.transport.handler.WebSocketTransportHandler;

/**
 * Spring's registry of STOMP endpoints, which puts the checks of a handshake, and then
 * the link, into every endpoint once all are known: whatever the application has set for
 * them, and in whatever order.
 */
public final class LinkedEndpoints extends WebMvcStompEndpointRegistry {

	private final WebSocketHandler handler;

	private final Handshakes handshakes;

	/** The services that are linked, each of which the paths of one endpoint share. */
	private final Set<TransportHandlingSockJsService> sockJs = new HashSet<>();

	/** Makes the registry of what leads to one handler. */
	public LinkedEndpoints(WebSocketHandler handler, WebSocketTransportRegistration transport, TaskScheduler scheduler,
			Handshakes handshakes) {
		super(handler, transport, scheduler);
		this.handler = new HandlerFaults(handler);
		this.handshakes = handshakes;
	}

	@Override
	public StompWebSocketEndpointRegistration addEndpoint(String... paths) {
		// Spring's own choice would be a container's native interface where it finds one.
		return super.addEndpoint(paths)
			.setHandshakeHandler(new DefaultHandshakeHandler(new StandardWebSocketUpgradeStrategy()));
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		super.setApplicationContext(applicationContext);
	}

	/**
	 * Leaves it as it is: frames of a socket are handled in the order sent in any case,
	 * and Spring's own way to it keeps what interceptors throw from the client.
	 */
	@Override
	public WebMvcStompEndpointRegistry setPreserveReceiveOrder(boolean preserve) {
		return this;
	}

	@Override
	@SuppressWarnings("unchecked")
	public AbstractHandlerMapping getHandlerMapping() {
		SimpleUrlHandlerMapping mapping = (SimpleUrlHandlerMapping) super.getHandlerMapping();
		((Map<String, Object>) mapping.getUrlMap()).replaceAll(this::linked);
		return mapping;
	}

	private Object linked(String path, Object endpoint) {
		if (endpoint instanceof WebSocketHttpRequestHandler webSocket) {
			this.handshakes.at(path);
			return linked(path, webSocket);
		}
		if (endpoint instanceof SockJsHttpRequestHandler sockJs
				&& sockJs.getSockJsService() instanceof TransportHandlingSockJsService service) {
			this.handshakes.at(path.substring(0, path.length() - "/**".length()));
			if (this.sockJs.add(service)) {
				link(path, service);
			}
			return new LinkedSockJs(service, this.handler, this.handshakes);
		}
		throw new IllegalStateException("No link can be put into the endpoint " + path + ", which is " + endpoint);
	}

	private WebSocketHttpRequestHandler linked(String path, WebSocketHttpRequestHandler endpoint) {
		this.handshakes.look(path, endpoint.getHandshakeHandler());
		List<HandshakeInterceptor> own = endpoint.getHandshakeInterceptors();
		OriginHandshakeInterceptor spring = (OriginHandshakeInterceptor) own.get(own.size() - 1);
		AllowedOrigins origins = this.handshakes
			.origins(AllowedOrigins.inCode(path, spring.getAllowedOrigins(), spring.getAllowedOriginPatterns()));
		WebSocketHttpRequestHandler linked = new LinkedWebSocket(this.handler,
				this.handshakes.upgrading(endpoint.getHandshakeHandler()), this.handshakes.time());
		linked.setHandshakeInterceptors(this.handshakes.interceptors(origins, own.subList(0, own.size() - 1)));
		return linked;
	}

	private void link(String path, TransportHandlingSockJsService service) {
		if (service.getTransportHandlers()
			.get(TransportType.WEBSOCKET) instanceof WebSocketTransportHandler webSocket) {
			this.handshakes.look(path, webSocket.getHandshakeHandler());
		}
		AllowedOrigins origins = this.handshakes
			.origins(AllowedOrigins.inCode(path, service.getAllowedOrigins(), service.getAllowedOriginPatterns()));
		service.setAllowedOrigins(origins.exact());
		service.setAllowedOriginPatterns(origins.patterns());
		service.setHandshakeInterceptors(
				this.handshakes.interceptors(origins, withoutSprings(service.getHandshakeInterceptors())));
		SockJsMessages.putInto(service);
	}

	// Spring puts it last, unless the application has set others in the place of all.
	private static List<HandshakeInterceptor> withoutSprings(List<HandshakeInterceptor> interceptors) {
		HandshakeInterceptor last = CollectionUtils.lastElement(interceptors);
		boolean springs = last != null && last.getClass() == OriginHandshakeInterceptor.class;
		return springs ? interceptors.subList(0, interceptors.size() - 1) : interceptors;
	}

}
