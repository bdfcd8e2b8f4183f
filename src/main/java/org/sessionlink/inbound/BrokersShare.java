package org.sessionlink.inbound;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What a broker gets of a SEND frame: no headers but those that other clients may see
 * (B26). Message methods that handle the same frame see all of it.
 */
final class BrokersShare implements ExecutorChannelInterceptor {

	private static final String WITHHELD = BrokersShare.class.getName();

	private static final Set<String> PASSED_ON = Set.of(StompHeaderAccessor.STOMP_DESTINATION_HEADER,
			StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, StompHeaderAccessor.STOMP_CONTENT_LENGTH_HEADER);

	/** For a broker that knows transactions and a disk. */
	private static final Set<String> ELSEWHERE = Set.of("transaction", "persistent");

	private final BooleanSupplier elsewhere;

	private final Predicate<String> refusedElsewhere;

	private final PassedHeaders passed;

	/**
	 * Makes it.
	 * @param elsewhere whether the broker is not in this process
	 * @param refusedElsewhere which destinations mean too much to such a broker
	 * @param passed which headers of a sender's own it gets
	 */
	BrokersShare(BooleanSupplier elsewhere, Predicate<String> refusedElsewhere, PassedHeaders passed) {
		this.elsewhere = elsewhere;
		this.refusedElsewhere = refusedElsewhere;
		this.passed = passed;
	}

	/** Returns whether clients may never use a destination of a broker elsewhere. */
	boolean isRefusedElsewhere(String destination) {
		return this.elsewhere.getAsBoolean() && this.refusedElsewhere.test(destination);
	}

	/**
	 * Returns a frame that nobody but the broker gets.
	 * @param direct whether the broker gets the frame itself, and gives its receipt
	 */
	Message<?> of(Message<?> frame, boolean direct) {
		return without(withheld(frame, direct), frame);
	}

	/**
	 * Returns a frame that message methods get as well.
	 * @param direct whether the broker gets the frame itself, and gives its receipt
	 */
	Message<?> besideMethods(Message<?> frame, boolean direct) {
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(frame);
		copy.setHeader(WITHHELD, withheld(frame, direct));
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(frame.getPayload(), copy.getMessageHeaders());
	}

	private Set<String> withheld(Message<?> frame, boolean direct) {
		Set<String> names = new HashSet<>(Frame.nativeHeaders(frame.getHeaders()).keySet());
		names.removeAll(PASSED_ON);
		names.removeIf(this.passed::include);
		if (this.elsewhere.getAsBoolean()) {
			names.removeAll(ELSEWHERE);
			if (direct) {
				names.remove(StompHeaderAccessor.STOMP_RECEIPT_HEADER);
			}
		}
		return names;
	}

	@Override
	public Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		boolean toBroker = handler instanceof AbstractBrokerMessageHandler
				|| handler instanceof UserDestinationMessageHandler;
		return (toBroker && message.getHeaders().get(WITHHELD) instanceof Set<?> names) ? without(names, message)
				: message;
	}

	private static Message<?> without(Set<?> names, Message<?> message) {
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(message);
		if (names.contains(StompHeaderAccessor.STOMP_RECEIPT_HEADER)) {
			// Where only the server sees it.
			copy.setHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER, copy.getReceipt());
		}
		names.forEach((name) -> copy.removeNativeHeader((String) name));
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

}
