package org.sessionlink.broker;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.AntPathMatcher;

/**
 * Says in which line a subscription stands: what comes back of a queue may go to whoever
 * else has it, what comes back of a user destination to the same user or, where nobody is
 * logged in, to the same session, and what comes back of a topic to nobody else.
 *
 * @param work the destinations, as Ant patterns, of work queues
 */
record LineNames(List<String> work) {

	private static final AntPathMatcher patterns = new AntPathMatcher();

	/**
	 * Returns the line of a subscription.
	 * @param destination as the broker has it
	 * @param number tells the subscription from all others
	 */
	Lines.Name of(String destination, Subscription subscription, SocketLink socket, long number) {
		if (!destination.equals(subscription.destination())) {
			return ofUser(subscription.destination(), socket);
		}
		if (isWork(destination)) {
			return ofWork(destination);
		}
		return isQueue(destination) ? new Lines.Name("queue " + destination, Line.Kind.SHARED, destination)
				: new Lines.Name("one " + number, Line.Kind.OWN, destination);
	}

	private static Lines.Name ofUser(String destination, SocketLink socket) {
		Identity identity = socket.identity();
		String whose = (identity.name() != null) ? "user " + identity.name() : "link " + socket.link().fingerprint();
		return new Lines.Name(whose + ' ' + destination, Line.Kind.PERSONAL, destination);
	}

	Lines.Name ofWork(String destination) {
		return new Lines.Name("work " + destination, Line.Kind.WORK, destination);
	}

	private static boolean isQueue(String destination) {
		int start = destination.startsWith("/") ? 1 : 0;
		return destination.startsWith("queue/", start) || destination.startsWith("queue.", start);
	}

	/** Returns whether a message goes to one subscriber alone. */
	boolean isWork(MessageHeaders headers) {
		if (this.work.isEmpty() || isOfUser(headers)) {
			return false;
		}
		String destination = SimpMessageHeaderAccessor.getDestination(headers);
		return destination != null && isWork(destination);
	}

	private static boolean isOfUser(MessageHeaders headers) {
		@Nullable String original = NativeMessageHeaderAccessor
			.getFirstNativeHeader(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION, headers);
		return original != null;
	}

	/** Returns whether a destination is that of a work queue. */
	boolean isWork(String destination) {
		return this.work.stream().anyMatch((pattern) -> patterns.match(pattern, destination));
	}

}
