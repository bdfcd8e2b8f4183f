package org.sessionlink.inbound;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.NoLiveSessionException;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.event.EventListener;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/**
 * Checks that the session of each subscription is the one of the handshake, and alive
 * (G4).
 */
class SubscriptionCheck {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionCheck.class);

	@EventListener
	void onSubscribe(SessionSubscribeEvent event) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(event.getMessage());
		Map<String, Object> attributes = headers.getSessionAttributes();
		try {
			Link link = SocketLink.live(attributes);
			logger.info("Subscription under session {}", link.fingerprint());
		}
		catch (NoLiveSessionException ex) {
			logger.warn("Subscription on socket {}: {}", headers.getSessionId(), ex.getMessage());
		}
	}

}
