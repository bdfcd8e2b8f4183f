package org.sessionlink.handshake;

import jakarta.servlet.ServletContext;
import org.sessionlink.link.Links;
import org.sessionlink.store.SessionLinks;

import org.springframework.security.messaging.web.socket.server.CsrfTokenHandshakeInterceptor;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.StompWebSocketEndpointRegistration;
import org.springframework.web.socket.config.annotation.WebMvcStompEndpointRegistry;
import org.springframework.web.socket.messaging.StompSubProtocolErrorHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.util.UrlPathHelper;

/**
 * Puts the checks of a handshake, and then the link, into every STOMP endpoint that an
 * application registers.
 */
public final class LinkedEndpoints implements StompEndpointRegistry {

	private final StompEndpointRegistry registry;

	private final Links links;

	private final SessionLinks sessionLinks;

	private final HandshakeSettings settings;

	private final boolean csrfTokens;

	private final boolean closesByItself;

	/**
	 * Makes the registry.
	 * @param csrfTokens whether sockets keep the CSRF token of their handshake
	 */
	public LinkedEndpoints(StompEndpointRegistry registry, Links links, SessionLinks sessionLinks,
			HandshakeSettings settings, boolean csrfTokens, ServletContext servletContext) {
		this.registry = registry;
		this.links = links;
		this.sessionLinks = sessionLinks;
		this.settings = settings;
		this.csrfTokens = csrfTokens;
		this.closesByItself = servletContext.getServerInfo().contains("Tomcat");
	}

	@Override
	public StompWebSocketEndpointRegistration addEndpoint(String... paths) {
		this.sessionLinks.socketsAt(paths);
		// Spring checks upgrade and origin last; what it refuses must be refused before
		// it gets a session.
		StompWebSocketEndpointRegistration endpoint = this.registry.addEndpoint(paths);
		endpoint.setHandshakeHandler(
				new DefaultHandshakeHandler(this.closesByItself ? new UnboundUpgrade() : new PlainUpgrade()));
		endpoint.addInterceptors(new UpgradeCheck(this.links),
				new OriginCheck(this.links, this.settings.allowedOriginValues()),
				new LinkHandshakeInterceptor(this.links, this.sessionLinks, this.settings));
		if (this.csrfTokens) {
			endpoint.addInterceptors(new CsrfTokenHandshakeInterceptor());
		}
		return endpoint.setAllowedOrigins(this.settings.allowedOriginValues().toArray(String[]::new));
	}

	@Override
	public void setOrder(int order) {
		this.registry.setOrder(order);
	}

	@Override
	@Deprecated
	@SuppressWarnings("removal")
	public void setUrlPathHelper(UrlPathHelper urlPathHelper) {
		this.registry.setUrlPathHelper(urlPathHelper);
	}

	@Override
	public WebMvcStompEndpointRegistry setErrorHandler(StompSubProtocolErrorHandler errorHandler) {
		return this.registry.setErrorHandler(errorHandler);
	}

	@Override
	public WebMvcStompEndpointRegistry setPreserveReceiveOrder(boolean preserveReceiveOrder) {
		return this.registry.setPreserveReceiveOrder(preserveReceiveOrder);
	}

}
