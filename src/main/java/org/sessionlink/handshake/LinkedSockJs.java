package org.sessionlink.handshake;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Timed;

import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsUtils;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.sockjs.SockJsService;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * An endpoint with SockJS. Its service stays the one that Spring has made, as others look
 * for it: Spring Security does, to put an interceptor of its own before all.
 */
final class LinkedSockJs extends SockJsHttpRequestHandler {

	private final TransportHandlingSockJsService service;

	private final SockJsService checked;

	private final WebSocketHandler handler;

	private final Handshakes handshakes;

	LinkedSockJs(TransportHandlingSockJsService service, WebSocketHandler handler, Handshakes handshakes) {
		super(service, handler);
		this.service = service;
		this.checked = handshakes.checking(service);
		this.handler = handler;
		this.handshakes = handshakes;
	}

	@Override
	public void start() {
		this.service.setHandshakeInterceptors(Handshakes.checksFirst(this.service.getHandshakeInterceptors()));
		super.start();
	}

	@Override
	public @Nullable CorsConfiguration getCorsConfiguration(HttpServletRequest request) {
		CorsConfiguration cors = super.getCorsConfiguration(request);
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		if (cors != null && CorsUtils.isCorsRequest(request) && cors.checkOrigin(origin) == null) {
			this.handshakes.refused(origin);
		}
		return cors;
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		DeterminedUser determined = new DeterminedUser(this.handler, request.getUserPrincipal());
		HttpRequestHandler answering = new SockJsHttpRequestHandler(this.checked, determined);
		this.handshakes.time()
			.of(request, response, Timed.HANDSHAKE_OPENED,
					() -> answering.handleRequest(this.handshakes.plain(request), response));
	}

}
