package org.sessionlink.handshake;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/**
 * Refuses handshakes while this server lets its clients go (B54), before they get a
 * session: all else that a page asks for is served.
 */
final class LeavingCheck implements HandshakeInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(LeavingCheck.class);

	private static final String SECONDS = "5";

	private static final Refusal LEAVING = new Refusal(HttpStatus.SERVICE_UNAVAILABLE,
			"This server is about to stop: connect again in a few seconds.");

	private final Links links;

	LeavingCheck(Links links) {
		this.links = links;
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		if (!this.links.isLeaving()) {
			return true;
		}
		this.links.refused(Refused.DRAINING);
		logger.info("Handshake refused with 503: {}", Refused.DRAINING.code());
		response.getHeaders().set(HttpHeaders.RETRY_AFTER, SECONDS);
		LEAVING.writeTo(response);
		return false;
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
		// Nothing was taken.
	}

}
