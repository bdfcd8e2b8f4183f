package org.sessionlink.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

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

	private static final byte[] NOTHING = {};

	private final Map<String, Kept> byId = new LinkedHashMap<>();

	private final Map<String, Asked> asked = new HashMap<>(2);

	private final Map<String, Integer> endings = new HashMap<>(2);

	/** No client asks for receipts of this name. */
	private final String receipts = "sessionlink-" + UUID.randomUUID() + '-';

	private @Nullable String lastAgain;

	private long lastReceipt;

	/**
	 * One of them.
	 *
	 * @param receipt which the client still waits for
	 */
	private record Kept(String destination, @Nullable String ack, @Nullable String selector, @Nullable String receipt) {

		Kept told(@Nullable String given) {
			return Objects.equals(this.receipt, given) ? new Kept(this.destination, this.ack, this.selector, null)
					: this;
		}

	}

	/**
	 * What the broker is still to give a receipt for.
	 *
	 * @param id of the subscription
	 * @param receipt which the client waits for
	 * @param ends whether it is the end of it
	 */
	private record Asked(String id, @Nullable String receipt, boolean ends) {
	}

	/** Remembers the subscription of a frame. */
	void add(StompHeaderAccessor frame) {
		String destination = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_DESTINATION_HEADER);
		this.byId.put(id(frame),
				new Kept((destination != null) ? destination : "",
						frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_ACK_HEADER),
						frame.getFirstNativeHeader("selector"), frame.getReceipt()));
	}

	/** Returns the frame that makes it at the broker. */
	Message<byte[]> begin(StompHeaderAccessor frame) {
		StompHeaderAccessor headers = headers(id(frame), this.byId.get(id(frame)));
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	/**
	 * Returns the frames that make all of them again, the last of which asks for a
	 * receipt in any case: the broker takes them one after another.
	 */
	List<Message<byte[]>> all() {
		List<Message<byte[]>> frames = new ArrayList<>(this.byId.size());
		this.byId.forEach((id, kept) -> {
			StompHeaderAccessor headers = headers(id, kept);
			if (frames.size() == this.byId.size() - 1) {
				this.lastAgain = (headers.getReceipt() != null) ? headers.getReceipt()
						: ask(new Asked(id, null, false));
				headers.setReceipt(this.lastAgain);
			}
			frames.add(MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders()));
		});
		return frames;
	}

	/** Returns whether the broker has all of them that were made again. */
	boolean areInForce() {
		return this.lastAgain == null;
	}

	private StompHeaderAccessor headers(String id, Kept kept) {
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
			headers.setReceipt(ask(new Asked(id, kept.receipt(), false)));
		}
		return headers;
	}

	/**
	 * Forgets the subscription that a frame ends.
	 * @return whether there was one
	 */
	boolean remove(StompHeaderAccessor frame) {
		return this.byId.remove(id(frame)) != null;
	}

	private static String id(StompHeaderAccessor frame) {
		String given = frame.getFirstNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER);
		String id = (given != null) ? given : SimpMessageHeaderAccessor.getSubscriptionId(frame.getMessageHeaders());
		return (id != null) ? id : "";
	}

	/** Returns the frame that ends it at the broker. */
	Message<byte[]> end(StompHeaderAccessor frame) {
		String id = id(frame);
		this.endings.merge(id, 1, Integer::sum);
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.UNSUBSCRIBE);
		headers.setNativeHeader(StompHeaderAccessor.STOMP_ID_HEADER, id);
		headers.setReceipt(ask(new Asked(id, frame.getReceipt(), true)));
		return MessageBuilder.createMessage(NOTHING, headers.getMessageHeaders());
	}

	// Clients may ask for several of one name.
	private String ask(Asked what) {
		String receipt = this.receipts + this.lastReceipt++;
		this.asked.put(receipt, what);
		return receipt;
	}

	/**
	 * Takes a receipt of the broker.
	 * @return the one that the client gets for it, or null
	 */
	@Nullable String receipt(@Nullable String receipt) {
		this.lastAgain = Objects.equals(receipt, this.lastAgain) ? null : this.lastAgain;
		Asked what = this.asked.remove(receipt);
		if (what == null) {
			return receipt;
		}
		if (what.ends()) {
			this.endings.computeIfPresent(what.id(), (id, count) -> (count > 1) ? count - 1 : null);
		}
		else {
			this.byId.computeIfPresent(what.id(), (id, kept) -> kept.told(what.receipt()));
		}
		return what.receipt();
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

	/**
	 * Forgets what the broker was still to say, as it has with the connection.
	 * @return the receipts that clients still wait for, of what has ended by that
	 */
	List<String> reconnected() {
		List<String> ended = this.asked.values()
			.stream()
			.filter(Asked::ends)
			.map(Asked::receipt)
			.filter(Objects::nonNull)
			.toList();
		this.asked.clear();
		this.endings.clear();
		this.lastAgain = null;
		return ended;
	}

}
