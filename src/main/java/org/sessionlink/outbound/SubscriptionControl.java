package org.sessionlink.outbound;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.sessionlink.link.Crew;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Refused;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Subscriptions;
import org.sessionlink.link.Telling;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 *
 * <p>
 * First the gates of all are shut, by whoever brings the news and at once. Then, in the
 * socket's turn and so perhaps later, the broker, the application and the client are
 * told: each by itself, whatever becomes of the others.
 */
final class SubscriptionControl {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionControl.class);

	private static final String OTHER_USER = "The user of this session has changed, and may not have this subscription.";

	private final MessageChannel brokerChannel;

	private final ApplicationEventPublisher events;

	private final SessionNotices notices;

	private final DestinationPolicy policy;

	private final Consumer<UserChangedEvent> users;

	/**
	 * Makes the control.
	 * @param users what keeps the sockets of each user
	 */
	SubscriptionControl(MessageChannel brokerChannel, ApplicationEventPublisher events, SessionNotices notices,
			DestinationPolicy policy, Consumer<UserChangedEvent> users) {
		this.brokerChannel = brokerChannel;
		this.events = events;
		this.notices = notices;
		this.policy = policy;
		this.users = users;
	}

	/**
	 * Says that somebody else is behind a socket, and ends every subscription that they
	 * may not have; a socket of which that cannot be said is ended itself.
	 */
	void review(GatedSocket socket) {
		List<Subscription> revoked = new ArrayList<>();
		try {
			Subscriptions subscriptions = socket.socketLink().subscriptions();
			for (Subscription subscription : subscriptions.review()) {
				if (!this.policy.maySubscribe(socket.socketLink().identity(), subscription.destination())
						&& subscriptions.revoke(subscription)) {
					revoked.add(subscription);
				}
			}
		}
		catch (Throwable ex) {
			logger.error("What a new user may have could not be found out: socket {} is closed", socket.id(), ex);
			socket.socketLink().link().end(socket, EndCause.USER_CHANGED);
		}
		socket.turn()
			.later(() -> Telling.tell("The user registry", () -> this.users.accept(new UserChangedEvent(socket))));
		revoked.forEach((subscription) -> tellRevoked(socket, subscription, OTHER_USER));
	}

	/** Tells of a subscription that was taken away, in the socket's turn. */
	void tellRevoked(GatedSocket socket, Subscription revoked, String reason) {
		// Not on this thread, which may have other sockets to review: a listener may
		// wait.
		socket.socketLink()
			.link()
			.clock()
			.execute(Crew.TELLING, socket, () -> socket.turn().later(() -> tell(socket, revoked, reason)));
	}

	/** Counts and tells of a message that SockJS cannot carry. */
	void tellNotText(GatedSocket socket) {
		socket.socketLink().link().refused(Refused.NOT_TEXT);
		Telling.tell("A notice to a client", () -> this.notices.notText(socket));
	}

	/**
	 * Tells of messages of a destination that a slow client misses.
	 * @param goesOut to be run as the client hears of it
	 */
	void tellGap(GatedSocket socket, String destination, Runnable goesOut) {
		Telling.tell("A notice to a client", () -> this.notices.gap(socket, destination, goesOut));
	}

	private void tell(GatedSocket socket, Subscription revoked, String reason) {
		// Where the client has ended it itself they know, and another one may have its
		// id.
		if (socket.socketLink().subscriptions().forget(revoked)) {
			Message<byte[]> unsubscribe = unsubscribe(socket, revoked.id());
			Telling.tell("The broker's channel", () -> this.brokerChannel.send(unsubscribe));
			Telling.tell("A listener to subscriptions", () -> this.events
				.publishEvent(new SessionUnsubscribeEvent(this, unsubscribe, socket.getPrincipal())));
		}
		Telling.tell("A notice to a client",
				() -> this.notices.revoked(socket, revoked.id(), revoked.destination(), reason));
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
