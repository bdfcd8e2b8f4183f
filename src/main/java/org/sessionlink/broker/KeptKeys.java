package org.sessionlink.broker;

import java.security.Principal;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.user.DestinationUserNameProvider;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Under which key the messages of a subscription are kept.
 *
 * @param selector in which header the broker looks for a selector
 * @param work whether a destination is that of a work queue
 */
record KeptKeys(Sockets sockets, Supplier<@Nullable String> selector, Predicate<String> work) {

	/**
	 * Returns it; null for who has a pattern, or a selector, and so gets other messages
	 * than the destination has, for a work queue, of which nothing is kept, and for a
	 * destination of users of who is none.
	 */
	History.@Nullable Key of(Subscription subscription, SocketLink socket, MessageHeaders headers) {
		String destination = subscription.destination();
		if (isPattern(destination) || hasSelector(headers) || this.work.test(destination)) {
			return null;
		}
		if (!destination.startsWith(this.sockets.ofUsers(""))) {
			return new History.Key(destination, null);
		}
		Principal user = socket.identity().principal();
		return (user != null) ? new History.Key(destination, nameOf(user)) : null;
	}

	private static String nameOf(Principal user) {
		return (user instanceof DestinationUserNameProvider named) ? named.getDestinationUserName() : user.getName();
	}

	private static boolean isPattern(String destination) {
		return destination.indexOf('*') >= 0 || destination.indexOf('?') >= 0 || destination.indexOf('{') >= 0;
	}

	private boolean hasSelector(MessageHeaders headers) {
		String name = this.selector.get();
		return name != null && NativeMessageHeaderAccessor.getFirstNativeHeader(name, headers) != null;
	}

}
