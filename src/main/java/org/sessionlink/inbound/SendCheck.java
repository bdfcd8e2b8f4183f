package org.sessionlink.inbound;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Lets a SEND frame through: to a destination that is open to its sender, and with no
 * more than other clients may see (B26).
 */
final class SendCheck {

	private static final Set<String> PASSED_ON = Set.of(StompHeaderAccessor.STOMP_DESTINATION_HEADER,
			StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, StompHeaderAccessor.STOMP_CONTENT_LENGTH_HEADER);

	private final Supplier<DestinationPolicy> policy;

	private final Predicate<String> toTheApplication;

	private final Predicate<String> ofOneSocket;

	private final Refusals refusals;

	/**
	 * Makes the check.
	 * @param toTheApplication which destinations the application alone handles
	 * @param ofOneSocket which are what a user destination stands for
	 */
	SendCheck(Supplier<DestinationPolicy> policy, Predicate<String> toTheApplication, Predicate<String> ofOneSocket,
			Refusals refusals) {
		this.policy = policy;
		this.toTheApplication = toTheApplication;
		this.ofOneSocket = ofOneSocket;
		this.refusals = refusals;
	}

	/** Returns what passes of the frame, or null where nothing does. */
	@Nullable Message<?> pass(Message<?> message, StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		String destination = frame.getDestination();
		if (destination == null || !Destinations.isPlain(destination)) {
			return refuse(frame, socket, incoming, null);
		}
		boolean toTheApplication = this.toTheApplication.test(destination);
		if (!toTheApplication && this.ofOneSocket.test(destination)) {
			return refuse(frame, socket, incoming, null);
		}
		DestinationPolicy asked = this.policy.get();
		if (!asked.maySend(socket.identity(), destination)) {
			return refuse(frame, socket, incoming,
					(asked instanceof DestinationRules rules) ? rules.toSend(destination) : null);
		}
		return toTheApplication ? message : withoutFurtherHeaders(message);
	}

	private @Nullable Message<?> refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming,
			@Nullable String remedy) {
		this.refusals.refuse(frame, socket, incoming, Refused.DESTINATION,
				"You may not send to this destination: the frame had no effect.", remedy);
		return null;
	}

	private static Message<?> withoutFurtherHeaders(Message<?> message) {
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(message);
		// Where only the server sees it.
		copy.setHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER, copy.getReceipt());
		for (String name : List.copyOf(Frame.nativeHeaders(message.getHeaders()).keySet())) {
			if (!PASSED_ON.contains(name)) {
				copy.removeNativeHeader(name);
			}
		}
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

}
