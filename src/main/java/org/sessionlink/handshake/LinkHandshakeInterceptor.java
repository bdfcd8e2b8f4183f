package org.sessionlink.handshake;

import java.io.IOException;
import java.util.Map;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.link.Refused;
import org.sessionlink.store.SessionLinks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.support.HttpSessionHandshakeInterceptor;

/**
 * Captures the HTTP session of a handshake: its link and its id, as {@code sessionId}, go
 * into the socket's attributes (G3).
 */
final class LinkHandshakeInterceptor extends HttpSessionHandshakeInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(LinkHandshakeInterceptor.class);

	private static final Refusal NO_SESSION = new Refusal(HttpStatus.UNAUTHORIZED,
			"There is no HTTP session to connect under: open a page of this application first.");

	private static final Refusal SESSION_ENDED = new Refusal(HttpStatus.UNAUTHORIZED,
			"The HTTP session ended during the handshake: open a page of this application again.");

	private static final Refusal TOO_MANY_SOCKETS = new Refusal(HttpStatus.TOO_MANY_REQUESTS,
			"This session has as many connections open as it may have: close one of its tabs.");

	private static final Refusal TOO_MANY_LINKS = new Refusal(HttpStatus.TOO_MANY_REQUESTS,
			"As many sessions as may be are connected from this address: end one of them, or wait.");

	private final Links links;

	private final SessionLinks sessionLinks;

	LinkHandshakeInterceptor(Links links, SessionLinks sessionLinks, HandshakeSettings settings) {
		super(settings.attributes());
		this.links = links;
		this.sessionLinks = sessionLinks;
		setCreateSession(settings.session() == SessionPolicy.CREATE);
		// Spring's own copy of the id would go stale at the first login.
		setCopyHttpSessionId(false);
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		HttpSession session = ((ServletServerHttpRequest) request).getServletRequest().getSession(isCreateSession());
		if (session == null) {
			logger.info(
					"Handshake refused with 401: it came without an HTTP session, and sessionlink.session is require");
			this.links.refused(Refused.NO_SESSION);
			NO_SESSION.writeTo(response);
			return false;
		}
		try {
			Link link = this.sessionLinks.linkOf(session);
			Refused tooMuch = tooMuch(link, request);
			if (tooMuch != null) {
				refuse(link, tooMuch, session, response);
				return false;
			}
			this.sessionLinks.socketLink(((ServletServerHttpRequest) request).getServletRequest(), session)
				.putInto(attributes);
			logger.info("Handshake under session {}", link.fingerprint());
			return super.beforeHandshake(request, response, handler, attributes);
		}
		catch (IllegalStateException ex) {
			logger.info("Handshake refused with 401: its HTTP session ended meanwhile");
			this.links.refused(Refused.SESSION_OVER);
			SESSION_ENDED.writeTo(response);
			return false;
		}
	}

	private static @Nullable Refused tooMuch(Link link, ServerHttpRequest request) {
		if (!link.hasRoom()) {
			return Refused.TOO_MANY_SOCKETS;
		}
		String address = ((ServletServerHttpRequest) request).getServletRequest().getRemoteAddr();
		return link.comesFrom(address) ? null : Refused.TOO_MANY_LINKS;
	}

	private static void refuse(Link link, Refused reason, HttpSession session, ServerHttpResponse response)
			throws IOException {
		link.refused(reason);
		logger.warn("Handshake under session {} refused with 429: {}", link.fingerprint(), reason.code());
		if (session.isNew()) {
			// Made for this handshake: it would only take up room.
			session.invalidate();
		}
		((reason == Refused.TOO_MANY_SOCKETS) ? TOO_MANY_SOCKETS : TOO_MANY_LINKS).writeTo(response);
	}

}
