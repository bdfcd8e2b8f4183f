package org.sessionlink.outbound;

import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Identity;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

/**
 * Takes subscriptions away from clients: one that somebody revokes (B13), and those that
 * a new identity may not hold (B12).
 */
final class SubscriptionControl {

	private final MessageChannel brokerChannel;

	private final ApplicationEventPublisher events;

	private final SessionNotices notices;

	private final DestinationPolicy policy;

	SubscriptionControl(MessageChannel brokerChannel, ApplicationEventPublisher events, SessionNotices notices,
			DestinationPolicy policy) {
		this.brokerChannel = brokerChannel;
		this.events = events;
		this.notices = notices;
		this.policy = policy;
	}

	/**
	 * Says that somebody else is behind a socket, and ends every subscription that they
	 * may not have.
	 */
	void review(GatedSocket socket) {
		this.events.publishEvent(new UserChangedEvent(socket));
		Identity identity = socket.socketLink().identity();
		socket.socketLink().subscriptions().all().forEach((id, destination) -> {
			if (!this.policy.maySubscribe(identity, destination)) {
				revoke(socket, id, "The user of this session has changed, and may not have this subscription.");
			}
		});
	}

	/** Ends a subscription, at the broker and for whoever listens to subscriptions. */
	void revoke(GatedSocket socket, String subscription, String reason) {
		String destination = socket.socketLink().subscriptions().remove(subscription);
		if (destination == null) {
			return;
		}
		Message<byte[]> unsubscribe = unsubscribe(socket, subscription);
		this.brokerChannel.send(unsubscribe);
		this.events.publishEvent(new SessionUnsubscribeEvent(this, unsubscribe, socket.getPrincipal()));
		this.notices.revoked(socket, subscription, destination, reason);
	}

	private static Message<byte[]> unsubscribe(GatedSocket socket, String subscription) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.UNSUBSCRIBE);
		headers.setSessionId(socket.id());
		headers.setSessionAttributes(socket.getAttributes());
		headers.setSubscriptionId(subscription);
		headers.setUser(socket.getPrincipal());
		headers.setHeader(StompHeaderAccessor.MESSAGE_TYPE_HEADER, SimpMessageType.UNSUBSCRIBE);
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
