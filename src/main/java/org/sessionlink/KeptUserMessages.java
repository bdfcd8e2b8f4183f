package org.sessionlink;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.broker.LinkedBroker;
import org.sessionlink.broker.UserMessages;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.Message;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationResult;
import org.springframework.messaging.support.AbstractSubscribableChannel;

/**
 * Spring's way from a user to their sockets, but for this: what is for all of a user's
 * sockets is numbered and kept for that user, where the settings say so, also while none
 * of them is open (B31). What is for a single socket is not.
 */
final class KeptUserMessages extends UserDestinationMessageHandler implements UserMessages, SmartInitializingSingleton {

	private final Supplier<@Nullable LinkedBroker> broker;

	private final Supplier<@Nullable SimpUserRegistry> users;

	/** Makes one that is set up as another one is, and takes its place. */
	KeptUserMessages(UserDestinationMessageHandler model, SubscribableChannel inbound,
			AbstractSubscribableChannel brokerChannel, Supplier<@Nullable LinkedBroker> broker,
			Supplier<@Nullable SimpUserRegistry> users) {
		super(inbound, new NumberedInOrder(brokerChannel), model.getUserDestinationResolver());
		this.broker = broker;
		this.users = users;
		setBroadcastDestination(model.getBroadcastDestination());
		setHeaderInitializer(model.getHeaderInitializer());
		setPhase(model.getPhase());
	}

	@Override
	public void handleMessage(Message<?> message) {
		LinkedBroker known = this.broker.get();
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		boolean isMessage = SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE;
		int user = (known != null && destination != null && isMessage) ? userIn(destination) : -1;
		int end = (user >= 0) ? destination.indexOf('/', user) : -1;
		if (known == null || destination == null || end < 0) {
			super.handleMessage(message);
			return;
		}
		String name = destination.substring(user, end).replace("%2F", "/");
		if (isForOneSocket(name, SimpMessageHeaderAccessor.getSessionId(message.getHeaders()))) {
			super.handleMessage(message);
		}
		else {
			known.toUser(name, destination.substring(0, user - 1) + destination.substring(end), message,
					super::handleMessage);
		}
	}

	/** Has what comes to users from other servers go this way, too. */
	@Override
	public void afterSingletonsInstantiated() {
		LinkedBroker known = this.broker.get();
		if (known != null) {
			known.usersBy(this);
		}
	}

	@Override
	public void handOver(Message<?> message) {
		super.handleMessage(message);
	}

	@Override
	public Set<String> subscribers(String user, String destination) {
		LinkedBroker known = this.broker.get();
		String prefix = prefix();
		if (known == null || !destination.startsWith(prefix)) {
			return Set.of();
		}
		UserDestinationResult result = getUserDestinationResolver().resolveDestination(
				LinkedBroker.emptyTo(prefix + user.replace("/", "%2F") + destination.substring(prefix.length() - 1)));
		Set<String> sockets = new HashSet<>();
		if (result != null) {
			result.getTargetDestinations().forEach((target) -> sockets.addAll(known.subscriptions(target).keySet()));
		}
		return sockets;
	}

	// As Spring reads it: the name stands behind the prefix, up to the next slash.
	private int userIn(String destination) {
		return destination.startsWith(prefix()) ? prefix().length() : -1;
	}

	private String prefix() {
		return (getUserDestinationResolver() instanceof DefaultUserDestinationResolver spring)
				? spring.getDestinationPrefix() : "/user/";
	}

	private boolean isForOneSocket(String user, @Nullable String socketId) {
		if (socketId == null) {
			return false;
		}
		SimpUserRegistry registry = this.users.get();
		SimpUser known = (registry != null) ? registry.getUser(user) : null;
		return user.equals(socketId) || (known != null && known.getSession(socketId) != null);
	}

}
