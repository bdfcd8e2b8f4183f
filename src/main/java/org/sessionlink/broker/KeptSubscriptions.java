package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;

/**
 * The subscriptions that one client has at the broker, with what is needed to make them
 * again: few headers, whatever its frames had. One that has ended is told apart from the
 * next with its id by the receipt that the broker gives for its end. Used under the lock
 * of the client's line.
 */
final class KeptSubscriptions {

	/** What the receipts that a line asks for by itself begin with. */
	private static final String OWN = "sessionlink-own-";

	private static final byte[] NOTHING = {};

	private final Map<String, Kept> byId = new LinkedHashMap<>();

	private final Map<String, String> ending = new HashMap<>(2);

	private final Map<String, Integer> endings = new HashMap<>(2);

	private @Nullable String lastAgain;

	private long lastReceipt;

	/**
	 * One of them.
	 *
	 * @param receipt which the client still waits for
	 */
	private record Kept(String destination, @Nullable String ack, @Nullable String selector, @Nullable String receipt) {

		Kept told() {
			return asking(null);
		}

		Kept asking(@Nullable String other) {
			return new Kept(this.destination, this.ack, this.selector, other);
		}

	}

	/**
	 * Remembers the subscription of a frame, and returns what goes to the broker.
	 * @param now whether it goes there now
	 */
	Message<byte[]> add(StompHeaderAccessor frame, boolean now) {
		String id = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER);
		String destination = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_DESTINATION_HEADER);
		Kept kept = new Kept((destination != null) ? destination : "",
				frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_ACK_HEADER),
				frame.getFirstNativeHeader("selector"), frame.getReceipt());
		this.byId.put((id != null) ? id : "", now ? kept.told() : kept);
		return message((id != null) ? id : "", kept);
	}

	/**
	 * Returns the frames that make all of them again, the last of which asks for a
	 * receipt: the broker takes them one after another.
	 */
	List<Message<byte[]>> all() {
		List<Message<byte[]>> frames = new ArrayList<>(this.byId.size());
		this.byId.forEach((id, kept) -> {
			boolean last = frames.size() == this.byId.size() - 1;
			Kept again = (last && kept.receipt() == null) ? kept.asking(ownReceipt()) : kept;
			this.lastAgain = last ? again.receipt() : null;
			frames.add(message(id, again));
		});
		this.byId.replaceAll((id, kept) -> kept.told());
		return frames;
	}

	private String ownReceipt() {
		return OWN + this.lastReceipt++;
	}

	/** Returns whether the broker has all of them that were made again. */
	boolean areInForce() {
		return this.lastAgain == null;
	}

	/** Takes a receipt of the broker, and returns whether since now they are in force. */
	boolean isLastAgain(@Nullable String receipt) {
		boolean last = this.lastAgain != null && this.lastAgain.equals(receipt);
		this.lastAgain = last ? null : this.lastAgain;
		return last;
	}

	private static Message<byte[]> message(String id, Kept kept) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.SUBSCRIBE);
		headers.setNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER, id);
		headers.setNativeHeader(StompHeaderAccessor.STOMP_DESTINATION_HEADER, kept.destination());
		if (kept.ack() != null) {
			headers.setNativeHeader(StompHeaderAccessor.STOMP_ACK_HEADER, kept.ack());
		}
		if (kept.selector() != null) {
			headers.setNativeHeader("selector", kept.selector());
		}
		if (kept.receipt() != null) {
			headers.setReceipt(kept.receipt());
		}
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	/**
	 * Forgets the subscription that a frame ends, and returns what goes to the broker;
	 * null where there is none.
	 */
	@Nullable Message<byte[]> remove(StompHeaderAccessor frame) {
		String given = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER);
		String id = (given != null) ? given : SimpMessageHeaderAccessor.getSubscriptionId(frame.getMessageHeaders());
		if (id == null || this.byId.remove(id) == null) {
			return null;
		}
		String receipt = (frame.getReceipt() != null) ? frame.getReceipt() : ownReceipt();
		this.ending.put(receipt, id);
		this.endings.merge(id, 1, Integer::sum);
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.UNSUBSCRIBE);
		headers.setNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER, id);
		headers.setReceipt(receipt);
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	/**
	 * Takes a receipt of the broker.
	 * @return whether it is one that the client has asked for
	 */
	boolean receipt(@Nullable String receipt) {
		String ended = this.ending.remove(receipt);
		if (ended != null) {
			this.endings.computeIfPresent(ended, (id, count) -> (count > 1) ? count - 1 : null);
		}
		return receipt != null && !receipt.startsWith(OWN);
	}

	/** Returns whether a message of the broker under this id is one for the client. */
	boolean isOpen(@Nullable String id) {
		return this.byId.containsKey(id) && !this.endings.containsKey(id);
	}

	/** Returns whether the client acknowledges what comes under this id. */
	boolean isAcknowledged(@Nullable String id) {
		Kept kept = this.byId.get(id);
		return kept != null && kept.ack() != null && !"auto".equals(kept.ack());
	}

	/** Forgets what the broker was still to say, as it has with the connection. */
	void reconnected() {
		this.ending.clear();
		this.endings.clear();
		this.lastAgain = null;
	}

}
