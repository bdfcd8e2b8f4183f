package org.sessionlink.handshake;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * An endpoint with SockJS. Its service stays the one that Spring has made, as others look
 * for it: Spring Security does, to put an interceptor of its own before all.
 */
final class LinkedSockJs extends SockJsHttpRequestHandler {

	private final TransportHandlingSockJsService service;

	private final WebSocketHandler handler;

	private final Handshakes handshakes;

	LinkedSockJs(TransportHandlingSockJsService service, WebSocketHandler handler, Handshakes handshakes) {
		super(service, handler);
		this.service = service;
		this.handler = handler;
		this.handshakes = handshakes;
	}

	@Override
	public void start() {
		this.service.setHandshakeInterceptors(Handshakes.checksFirst(this.service.getHandshakeInterceptors()));
		super.start();
	}

	@Override
	public void handleRequest(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		DeterminedUser determined = new DeterminedUser(this.handler, request.getUserPrincipal());
		new SockJsHttpRequestHandler(this.service, determined).handleRequest(this.handshakes.plain(request), response);
	}

}
