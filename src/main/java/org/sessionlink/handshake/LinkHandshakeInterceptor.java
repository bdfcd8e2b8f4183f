package org.sessionlink.handshake;

import java.io.IOException;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;
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
import org.springframework.http.server.ServletServerHttpResponse;
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

	private static final Refusal NO_MORE_SESSIONS = new Refusal(HttpStatus.SERVICE_UNAVAILABLE,
			"The server cannot start a session now: try again later.");

	private static final String PER_LINK = "sessionlink.limits.sockets-per-link";

	private static final String PER_ADDRESS = "sessionlink.limits.links-per-address";

	private static final String STARTED = LinkHandshakeInterceptor.class.getName() + ".started";

	private final Links links;

	private final SessionLinks sessionLinks;

	private final ForeignSessions foreign;

	LinkHandshakeInterceptor(Links links, SessionLinks sessionLinks, HandshakeSettings settings,
			ForeignSessions foreign) {
		super(settings.attributes());
		this.links = links;
		this.sessionLinks = sessionLinks;
		this.foreign = foreign;
		setCreateSession(settings.session() == SessionPolicy.CREATE);
		// Spring's own copy of the id would go stale at the first login.
		setCopyHttpSessionId(false);
	}

	@Override
	public boolean beforeHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			Map<String, Object> attributes) throws Exception {
		HttpServletRequest servletRequest = ((ServletServerHttpRequest) request).getServletRequest();
		try {
			HttpSession session = servletRequest.getSession(false);
			if (session == null) {
				session = startSession(servletRequest, response);
				if (session == null) {
					return false;
				}
			}
			this.foreign.look(servletRequest, session);
			Link link = this.sessionLinks.linkOf(session);
			Refused tooMuch = tooMuch(link, servletRequest.getRemoteAddr());
			if (tooMuch != null) {
				refuse(link, tooMuch, response);
				giveBack(servletRequest);
				return false;
			}
			this.sessionLinks.socketLink(servletRequest, session).putInto(attributes);
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

	private @Nullable HttpSession startSession(HttpServletRequest request, ServerHttpResponse response)
			throws IOException {
		if (!isCreateSession()) {
			logger.info(
					"Handshake refused with 401: it came without an HTTP session, and sessionlink.session is require");
			this.links.refused(Refused.NO_SESSION);
			NO_SESSION.writeTo(response);
			return null;
		}
		if (!this.links.haveRoomFor(request.getRemoteAddr())) {
			logger.warn("Handshake without a session refused with 429: {}, see {}", Refused.TOO_MANY_LINKS.code(),
					PER_ADDRESS);
			this.links.refused(Refused.TOO_MANY_LINKS);
			TOO_MANY_LINKS.writeTo(response);
			return null;
		}
		request.setAttribute(STARTED, true);
		try {
			return request.getSession();
		}
		catch (IllegalStateException ex) {
			logger.warn(
					"Handshake refused with 503: the server starts no session now, as where it has as many as may be",
					ex);
			this.links.refused(Refused.TOO_MANY_LINKS);
			NO_MORE_SESSIONS.writeTo(response);
			return null;
		}
	}

	private static @Nullable Refused tooMuch(Link link, String remoteAddress) {
		if (!link.hasRoom()) {
			return Refused.TOO_MANY_SOCKETS;
		}
		return link.mayComeFrom(remoteAddress) ? null : Refused.TOO_MANY_LINKS;
	}

	private static void refuse(Link link, Refused reason, ServerHttpResponse response) throws IOException {
		link.refused(reason);
		logger.warn("Handshake under session {} refused with 429: {}, see {}", link.fingerprint(), reason.code(),
				(reason == Refused.TOO_MANY_SOCKETS) ? PER_LINK : PER_ADDRESS);
		((reason == Refused.TOO_MANY_SOCKETS) ? TOO_MANY_SOCKETS : TOO_MANY_LINKS).writeTo(response);
	}

	@Override
	public void afterHandshake(ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler,
			@Nullable Exception exception) {
		if (exception != null || ((ServletServerHttpResponse) response).getServletResponse().getStatus() >= 400) {
			giveBack(((ServletServerHttpRequest) request).getServletRequest());
		}
	}

	/** Ends the session that was started for a handshake which has failed. */
	private static void giveBack(HttpServletRequest request) {
		try {
			HttpSession session = request.getSession(false);
			if (session != null && request.getAttribute(STARTED) != null) {
				session.invalidate();
			}
		}
		catch (IllegalStateException ex) {
			// It has ended already.
		}
	}

}
