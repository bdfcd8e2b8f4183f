package org.sessionlink.inbound;

import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

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

	/** For a broker that knows transactions, and keeps this to itself. */
	private static final String TRANSACTION = "transaction";

	private final BooleanSupplier elsewhere;

	private final PassedHeaders passed;

	/**
	 * Makes it.
	 * @param elsewhere whether the broker is not in this process
	 * @param passed which headers of a sender's own it gets
	 */
	BrokersShare(BooleanSupplier elsewhere, PassedHeaders passed) {
		this.elsewhere = elsewhere;
		this.passed = passed;
	}

	/** Returns a frame that nobody but the broker gets. */
	Message<?> of(Message<?> frame) {
		return without(withheld(frame), frame);
	}

	/** Returns a frame that message methods get as well. */
	Message<?> besideMethods(Message<?> frame) {
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(frame);
		copy.setHeader(WITHHELD, withheld(frame));
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(frame.getPayload(), copy.getMessageHeaders());
	}

	private Set<String> withheld(Message<?> frame) {
		Set<String> names = new HashSet<>(Frame.nativeHeaders(frame.getHeaders()).keySet());
		names.removeAll(PASSED_ON);
		names.removeIf(this.passed::include);
		if (this.elsewhere.getAsBoolean()) {
			names.remove(TRANSACTION);
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
		// Where only the server sees it.
		copy.setHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER, copy.getReceipt());
		names.forEach((name) -> copy.removeNativeHeader((String) name));
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

}
