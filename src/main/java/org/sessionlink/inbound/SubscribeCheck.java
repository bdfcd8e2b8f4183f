package org.sessionlink.inbound;

import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.OwnQueues;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.link.Subscriptions;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;

/**
 * Lets SUBSCRIBE and UNSUBSCRIBE frames through: of subscriptions that are open to their
 * client (B26), not too many of them, and with ids that are no burden (B27).
 */
final class SubscribeCheck {

	/** The most characters of an id, of which the broker keeps each. */
	private static final int LONGEST_ID = 64;

	/** The most characters of a destination, which the broker keeps too. */
	private static final int LONGEST_DESTINATION = 1_024;

	/** More to one destination would only bring the same several times. */
	private static final int MOST_TO_ONE = 4;

	private static final Set<String> ACK_MODES = Set.of("auto", "client", "client-individual");

	private static final String RESUME = "resume";

	private static final Pattern POSITION = Pattern.compile("\\*|[0-9a-z]{1,32}:[0-9]{1,18}");

	private final InboundSettings settings;

	private final Supplier<DestinationPolicy> policy;

	private final Predicate<String> ofOneSocket;

	private final Supplier<String> selector;

	private final Predicate<String> refusedElsewhere;

	private final Refusals refusals;

	/**
	 * Makes the check.
	 * @param ofOneSocket which destinations are what a user destination stands for
	 * @param selector in which header the broker looks for a selector
	 * @param refusedElsewhere which mean too much to a broker that is not in this process
	 */
	SubscribeCheck(InboundSettings settings, Supplier<DestinationPolicy> policy, Predicate<String> ofOneSocket,
			Supplier<String> selector, Predicate<String> refusedElsewhere, Refusals refusals) {
		this.settings = settings;
		this.policy = policy;
		this.ofOneSocket = ofOneSocket;
		this.selector = selector;
		this.refusedElsewhere = refusedElsewhere;
		this.refusals = refusals;
	}

	/** Returns the frame if it passes, or null. */
	@Nullable Message<?> pass(Message<?> message, StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		String id = id(frame);
		Subscriptions subscriptions = socket.subscriptions();
		boolean isNew = subscriptions.get(id) == null;
		Flaw flaw = flaw(id, frame, isNew, socket);
		if (flaw == null) {
			if (isNew) {
				incoming.ifNotSent(() -> subscriptions.remove(id));
				incoming.ifSent(() -> subscribed(socket, id));
			}
			return message;
		}
		this.refusals.refuse(frame, socket, incoming, flaw.reason(), flaw.sentence(), flaw.remedy());
		return null;
	}

	private static void subscribed(SocketLink socket, String id) {
		Subscription subscription = socket.subscriptions().get(id);
		if (subscription != null) {
			socket.link().subscribed(socket, subscription);
		}
	}

	private @Nullable Flaw flaw(String id, StompHeaderAccessor frame, boolean isNew, SocketLink socket) {
		if (id.length() > LONGEST_ID) {
			return new Flaw(Refused.HEADER_TOO_LONG,
					"The id of a subscription may have " + LONGEST_ID + " characters: use a shorter one.");
		}
		if (!this.settings.destinations().selectors() && hasSelector(frame)) {
			return new Flaw(Refused.HEADER, "A subscription may not have a selector here: subscribe without one.",
					"sessionlink.destinations.selectors=on");
		}
		String ack = frame.getAck();
		if (ack != null && !ACK_MODES.contains(ack)) {
			return new Flaw(Refused.HEADER, "The header ack is one of auto, client, client-individual.");
		}
		String resume = frame.getFirstNativeHeader(RESUME);
		if (resume != null && !POSITION.matcher(resume).matches()) {
			return new Flaw(Refused.RESUME,
					"The header resume is * or what the receipt of an earlier subscription says: subscribe without it.");
		}
		String destination = frame.getDestination();
		if (destination == null || destination.length() > LONGEST_DESTINATION
				|| !Destinations.isPlainOrPattern(destination) || this.ofOneSocket.test(destination)
				|| this.refusedElsewhere.test(destination)) {
			return Flaw.destination(null);
		}
		if (!this.settings.destinations().patterns() && Destinations.isPattern(destination)) {
			return Flaw.destination("sessionlink.destinations.patterns=on");
		}
		if (socket.subscriptions().isTaken(id, destination)) {
			return new Flaw(Refused.UNEXPECTED,
					"Another subscription has this id: use a new one, or unsubscribe first.");
		}
		return add(id, destination, isNew, socket);
	}

	private boolean hasSelector(StompHeaderAccessor frame) {
		return frame.containsNativeHeader("selector") || frame.containsNativeHeader(this.selector.get());
	}

	// First added, then asked: whoever changes the identity does it in the opposite
	// order, so that one of the two sees the other.
	private @Nullable Flaw add(String id, String destination, boolean isNew, SocketLink socket) {
		Subscriptions subscriptions = socket.subscriptions();
		if (isNew && subscriptions.to(destination) >= MOST_TO_ONE) {
			return new Flaw(Refused.TOO_MANY_SUBSCRIPTIONS,
					"A connection may have " + MOST_TO_ONE + " subscriptions to one destination: use one of them.");
		}
		int most = this.settings.subscriptionsPerSocket();
		if (!subscriptions.add(id, destination, most)) {
			return new Flaw(Refused.TOO_MANY_SUBSCRIPTIONS,
					"A connection may have " + most + " subscriptions: end one of them first.");
		}
		DestinationPolicy asked = this.policy.get();
		boolean may = false;
		try {
			may = asked.maySubscribe(socket.identity(), destination);
		}
		finally {
			if (!may && isNew) {
				subscriptions.remove(id);
			}
		}
		return may ? null : Flaw.destination(
				(OwnQueues.behind(asked) instanceof DestinationRules rules) ? rules.toSubscribe(destination) : null);
	}

	/** Forgets a subscription, as soon as the broker has. */
	Message<?> end(Message<?> message, StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		String id = id(frame);
		incoming.ifSent(() -> socket.subscriptions().remove(id));
		return message;
	}

	private static String id(StompHeaderAccessor frame) {
		String id = frame.getSubscriptionId();
		if (id == null) {
			throw new FrameRefusedException(Refused.MALFORMED,
					"SUBSCRIBE and UNSUBSCRIBE need a header id: give each subscription of a connection its own.");
		}
		return id;
	}

	/** Why a subscription may not be, and what to do about it. */
	private record Flaw(Refused reason, String sentence, @Nullable String remedy) {

		Flaw(Refused reason, String sentence) {
			this(reason, sentence, null);
		}

		static Flaw destination(@Nullable String remedy) {
			return new Flaw(Refused.DESTINATION, "You may not subscribe to this destination: the frame had no effect.",
					remedy);
		}

	}

}
