package org.sessionlink.outbound;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkListener;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/**
 * Tells clients of their session on their own {@code /user/queue/session}, every socket
 * of a link the same: how long it lasts when they subscribe, when its end is near, when
 * it was extended (B15). That it has ended the {@link Goodbye} says.
 */
class SessionNotices implements LinkListener, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SessionNotices.class);

	private final Links links;

	private final Sockets sockets;

	private final Notices notices;

	SessionNotices(Links links, Sockets sockets, Notices notices) {
		this.links = links;
		this.sockets = sockets;
		this.notices = notices;
		links.addListenerOfLinks(this);
	}

	@Override
	public void destroy() {
		this.links.removeListener(this);
	}

	// First, as a listener of the application may fail.
	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void onSubscribe(SessionSubscribeEvent event) {
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(event.getMessage());
		GatedSocket socket = GatedSocket.in(headers.getSessionAttributes());
		if (socket != null && this.sockets.ofUsers(Notices.SESSION).equals(headers.getDestination())) {
			Link link = socket.socketLink().link();
			Map<String, @Nullable Object> open = notice("OPEN", link.remaining());
			open.put("socket", socket.id());
			tell(socket, open);
			if (link.isExpiring()) {
				tell(socket, notice("EXPIRING", link.remaining()));
			}
		}
	}

	@Override
	public void expiring(Link link, Duration remaining) {
		tellAll(link, notice("EXPIRING", remaining));
	}

	@Override
	public void extended(Link link, Duration remaining) {
		tellAll(link, notice("EXTENDED", remaining));
	}

	@Override
	public void ended(Link link, EndCause cause) {
		logger.info("Session {} has ended: {}", link.fingerprint(), cause.reason());
	}

	/** Tells a client that it has lost a subscription, and why (B13). */
	void revoked(GatedSocket socket, String subscription, String destination, String reason) {
		Map<String, Object> notice = new LinkedHashMap<>();
		notice.put("event", "REVOKED");
		notice.put("subscription", subscription);
		notice.put("destination", destination);
		notice.put("reason", reason);
		tell(socket, notice);
	}

	/** Tells a slow client that it misses messages of a destination. */
	void gap(GatedSocket socket, String destination, Runnable goesOut) {
		Map<String, Object> notice = new LinkedHashMap<>();
		notice.put("event", "GAP");
		notice.put("destination", destination);
		this.notices.tell(socket.id(), Notices.SESSION, notice, goesOut);
	}

	/** Tells a client over SockJS that a message for it could not be carried (B34). */
	void notText(GatedSocket socket) {
		this.notices.refused(socket.id(), Refused.NOT_TEXT,
				"A message for you has a body that is no text, and SockJS carries nothing else.");
	}

	private void tellAll(Link link, Map<String, @Nullable Object> notice) {
		for (LinkedSocket socket : link.sockets()) {
			if (socket instanceof GatedSocket gated) {
				tell(gated, notice);
			}
		}
	}

	private void tell(GatedSocket socket, Map<String, ? extends @Nullable Object> notice) {
		this.notices.tell(socket.id(), Notices.SESSION, notice);
	}

	// In seconds, and null where the session does not expire.
	private static Map<String, @Nullable Object> notice(String event, @Nullable Duration remaining) {
		Map<String, @Nullable Object> notice = new LinkedHashMap<>();
		notice.put("event", event);
		notice.put("remainingSeconds", (remaining != null) ? remaining.plusMillis(500).toSeconds() : null);
		return notice;
	}

}
