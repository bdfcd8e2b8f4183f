package org.sessionlink.inbound;

import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.OwnQueues;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * Lets a SEND frame through: to a destination that is open to its sender, and with no
 * more than other clients may see (B26).
 */
final class SendCheck {

	private final Supplier<DestinationPolicy> policy;

	private final Supplier<DestinationPrefixes> prefixes;

	private final Predicate<String> ofOneSocket;

	private final BrokersShare share;

	private final Refusals refusals;

	/**
	 * Makes the check.
	 * @param prefixes whose a destination is
	 * @param ofOneSocket which are what a user destination stands for
	 * @param share what the broker gets
	 */
	SendCheck(Supplier<DestinationPolicy> policy, Supplier<DestinationPrefixes> prefixes, Predicate<String> ofOneSocket,
			BrokersShare share, Refusals refusals) {
		this.policy = policy;
		this.prefixes = prefixes;
		this.ofOneSocket = ofOneSocket;
		this.share = share;
		this.refusals = refusals;
	}

	/** Returns what passes of the frame, or null where nothing does. */
	@Nullable Message<?> pass(Message<?> message, StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		String destination = frame.getDestination();
		if (destination == null || !Destinations.isPlain(destination)) {
			return refuse(frame, socket, incoming, null);
		}
		boolean toMethods = this.prefixes.get().areOfMethods(destination);
		boolean toThemAlone = toMethods && !this.prefixes.get().areOfOthers(destination);
		if (!toThemAlone && (this.ofOneSocket.test(destination) || this.share.isRefusedElsewhere(destination))) {
			return refuse(frame, socket, incoming, null);
		}
		DestinationPolicy asked = this.policy.get();
		if (!asked.maySend(socket.identity(), destination)) {
			return refuse(frame, socket, incoming,
					(OwnQueues.behind(asked) instanceof DestinationRules rules) ? rules.toSend(destination) : null);
		}
		if (toThemAlone) {
			return message;
		}
		boolean direct = !this.prefixes.get().isOfUser(destination);
		return toMethods ? this.share.besideMethods(message, direct) : this.share.of(message, direct);
	}

	private @Nullable Message<?> refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming,
			@Nullable String remedy) {
		this.refusals.refuse(frame, socket, incoming, Refused.DESTINATION,
				"You may not send to this destination: the frame had no effect.", remedy);
		return null;
	}

}
