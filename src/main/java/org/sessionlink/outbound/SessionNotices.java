package org.sessionlink.outbound;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.LinkListener;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Links;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

/**
 * Tells clients of their session on their own {@code /user/queue/session}, every socket
 * of a link the same: how long it lasts when they subscribe, when its end is near, when
 * it was extended (B15). That it has ended the {@link Goodbye} says.
 */
class SessionNotices implements LinkListener, DisposableBean {

	static final String DESTINATION = "/user/queue/session";

	private static final Logger logger = LoggerFactory.getLogger(SessionNotices.class);

	private final Links links;

	private final SimpMessagingTemplate messages;

	SessionNotices(Links links, SimpMessagingTemplate messages) {
		this.links = links;
		this.messages = messages;
		links.addListener(this);
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
		if (socket != null && DESTINATION.equals(headers.getDestination())) {
			socket.noticesGoTo(headers.getSubscriptionId());
			tell(socket, Notice.of("OPEN", socket.socketLink().link().remaining()));
			if (socket.socketLink().link().isExpiring()) {
				tell(socket, Notice.of("EXPIRING", socket.socketLink().link().remaining()));
			}
		}
	}

	@EventListener
	@Order(Ordered.HIGHEST_PRECEDENCE)
	void onUnsubscribe(SessionUnsubscribeEvent event) {
		StompHeaderAccessor headers = StompHeaderAccessor.wrap(event.getMessage());
		GatedSocket socket = GatedSocket.in(headers.getSessionAttributes());
		String subscription = headers.getSubscriptionId();
		if (socket != null && subscription != null && subscription.equals(socket.noticeSubscription())) {
			socket.noticesGoTo(null);
		}
	}

	@Override
	public void expiring(Link link, Duration remaining) {
		tellAll(link, Notice.of("EXPIRING", remaining));
	}

	@Override
	public void extended(Link link, Duration remaining) {
		tellAll(link, Notice.of("EXTENDED", remaining));
	}

	@Override
	public void ended(Link link, EndCause cause) {
		logger.info("Session {} has ended: {}", link.fingerprint(), cause.reason());
	}

	/** Tells a client that it has lost a subscription, and why (B13). */
	void revoked(GatedSocket socket, String subscription, String destination, String reason) {
		if (subscription.equals(socket.noticeSubscription())) {
			socket.noticesGoTo(null);
		}
		else if (socket.noticeSubscription() != null) {
			tell(socket, new Revocation("REVOKED", subscription, destination, reason));
		}
	}

	private void tellAll(Link link, Notice notice) {
		for (LinkedSocket socket : link.sockets()) {
			if (socket instanceof GatedSocket gated && gated.noticeSubscription() != null) {
				Telling.tell("A notice to a client", () -> tell(gated, notice));
			}
		}
	}

	private void tell(GatedSocket socket, Object notice) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
		headers.setSessionId(socket.id());
		headers.setLeaveMutable(true);
		MessageHeaders messageHeaders = headers.getMessageHeaders();
		// The id of the socket in place of a user's name: anonymous visitors are told as
		// well.
		this.messages.convertAndSendToUser(socket.id(), "/queue/session", notice, messageHeaders);
	}

	/** What a client gets as JSON when one of its subscriptions was ended for it. */
	record Revocation(String event, String subscription, String destination, String reason) {
	}

	/**
	 * What clients get as JSON; the time is in seconds, and null where the session does
	 * not expire.
	 */
	record Notice(String event, @Nullable Long remainingSeconds) {

		static Notice of(String event, @Nullable Duration remaining) {
			return new Notice(event, (remaining != null) ? remaining.plusMillis(500).toSeconds() : null);
		}

	}

}
