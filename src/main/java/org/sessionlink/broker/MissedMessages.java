package org.sessionlink.broker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.Copies;
import org.sessionlink.history.History;
import org.sessionlink.history.HistorySettings;
import org.sessionlink.history.KeepRule;
import org.sessionlink.history.KeptDestination;
import org.sessionlink.history.LogAwayException;
import org.sessionlink.history.MessageLog;
import org.sessionlink.history.Position;
import org.sessionlink.history.Seam;
import org.sessionlink.link.LinkedSocket;
import org.sessionlink.link.Recovered;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MultiValueMap;

/**
 * Keeps messages for whoever comes back: SUBSCRIBE asks for it in the header
 * {@code resume}, the RECEIPT says where the subscription begins, what was missed follows
 * it, and then each MESSAGE has its {@code offset} (B31). Where that is set, who
 * subscribes gets the last message (B51).
 *
 * <p>
 * Safe for use by any thread: who subscribes, and who publishes, does so in a step of the
 * {@link KeptDestination}. What goes to sockets goes there in that step; what goes
 * through code of the application's goes there behind it, one by one.
 */
final class MissedMessages {

	private static final String RESUME = "resume";

	private static final String ANYWHERE = "*";

	/**
	 * Of what may wait for a socket, so much may come back at once, of all destinations
	 * together: far more ends it, whatever it is, and then each time anew.
	 */
	private static final long AT_ONCE = 16;

	private static final Map<String, String> REPLAYED = Map.of("replay", "last");

	private final Numbers numbers;

	private final History history;

	private final @Nullable Copies copies;

	private final SharedMessages shared;

	private final Sockets sockets;

	private final Acknowledgements acknowledged;

	private final KeptKeys keys;

	private final BooleanSupplier watched;

	/**
	 * Keeps nothing yet.
	 * @param log what all servers keep together; null where this one keeps all
	 * @param acknowledged what is to be acknowledged
	 * @param selector in which header the broker looks for a selector
	 * @param watched whether messages go through code of the application's
	 */
	MissedMessages(HistorySettings settings, @Nullable MessageLog log, Sockets sockets, Outlet outlet,
			Supplier<@Nullable UserMessages> users, Acknowledgements acknowledged, Supplier<@Nullable String> selector,
			BooleanSupplier watched) {
		this.numbers = new Numbers();
		this.history = new History(settings, sockets.clock());
		this.shared = new SharedMessages(this.numbers, outlet, new OwnNotices(sockets), users);
		this.copies = (log != null && !isOff()) ? new Copies(settings, sockets.clock(), log, this.shared) : null;
		this.sockets = sockets;
		this.acknowledged = acknowledged;
		this.keys = new KeptKeys(sockets, selector, acknowledged::isWork);
		this.watched = watched;
	}

	/** Returns whether nothing is kept of any destination. */
	boolean isOff() {
		return this.history.isOff();
	}

	Numbers.Number noNumber() {
		return this.numbers.none();
	}

	/**
	 * Publishes a message, in one step with numbering and keeping it where it is kept.
	 */
	void publish(String destination, Message<?> message, Function<Numbers.Number, @Nullable Parcel> send) {
		Numbers.Number ofUser = Numbers.Number.in(message.getHeaders());
		if (ofUser != null) {
			send.apply(ofUser);
		}
		else if (isOfOne(destination, message)
				|| !append(new History.Key(destination, null), destination, message, send)) {
			send.apply(this.numbers.none());
		}
	}

	// Where all servers keep it together, it comes from there.
	private boolean append(History.Key key, String destination, Message<?> message,
			Function<Numbers.Number, @Nullable Parcel> send) {
		if (this.copies == null) {
			return append(key, send);
		}
		try {
			return message.getPayload() instanceof byte[] body && this.history.rule(key.destination()) != null
					&& this.copies.publish(key, MessageBytes.of(destination, message, body));
		}
		catch (LogAwayException ex) {
			throw this.shared.refuse(message, ex);
		}
	}

	private boolean isOfOne(String destination, Message<?> message) {
		return NativeMessageHeaderAccessor.getFirstNativeHeader(SimpMessageHeaderAccessor.ORIGINAL_DESTINATION,
				message.getHeaders()) != null || this.sockets.isOfOne(destination);
	}

	private boolean append(History.Key key, Function<Numbers.Number, @Nullable Parcel> send) {
		KeptDestination kept = this.history.append(key, (of, offset) -> {
			Parcel parcel = send.apply(this.numbers.of(of, offset));
			return Objects.requireNonNull(parcel, "What is numbered is kept");
		});
		if (kept != null) {
			kept.following().run();
		}
		return kept != null;
	}

	/** Publishes a message to a user, in one step with numbering it if it is kept. */
	void publishTo(String user, String destination, Message<?> message, Function<Numbers.Number, @Nullable Parcel> send,
			Runnable plain) {
		String ofUser = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		if (!append(new History.Key(destination, user), String.valueOf(ofUser), message, send)) {
			plain.run();
		}
	}

	/**
	 * Hands a message over, or has it handed over behind the step that has numbered it.
	 */
	void handOver(Runnable task, Numbers.Number number) {
		KeptDestination of = number.destination();
		if (of == null) {
			task.run();
		}
		else {
			of.following().add(task);
		}
	}

	/** Sends a message with its number. */
	void send(Parcel parcel, MultiValueMap<String, String> subscriptions, Numbers.Number number) {
		subscriptions.forEach((socketId, ids) -> {
			LinkedSocket socket = this.sockets.find(socketId);
			for (String id : ids) {
				Subscription subscription = (socket != null) ? socket.socketLink().subscriptions().get(id) : null;
				if (subscription != null) {
					parcel.to(socketId, subscription, number.header());
				}
			}
		});
	}

	/** Handles a frame of a socket, around what the broker does about it. */
	void around(SimpMessageType type, String socketId, MessageHeaders headers, Runnable broker) {
		switch (type) {
			case SUBSCRIBE -> subscribe(headers, socketId, broker);
			case UNSUBSCRIBE -> {
				broker.run();
				left(this.numbers.remove(socketId,
						String.valueOf(SimpMessageHeaderAccessor.getSubscriptionId(headers))));
			}
			case DISCONNECT -> {
				broker.run();
				this.numbers.removeAll(socketId).forEach(this::left);
			}
			default -> broker.run();
		}
	}

	private void left(@Nullable KeptDestination destination) {
		if (destination != null) {
			destination.left(this.sockets.now());
		}
	}

	private void subscribe(MessageHeaders headers, String socketId, Runnable broker) {
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		String id = SimpMessageHeaderAccessor.getSubscriptionId(headers);
		Subscription subscription = (socket != null && id != null) ? socket.subscriptions().get(id) : null;
		History.Key key = (socket != null && subscription != null) ? this.keys.of(subscription, socket, headers) : null;
		String resume = NativeMessageHeaderAccessor.getFirstNativeHeader(RESUME, headers);
		KeepRule rule = (key != null) ? this.history.rule(key.destination()) : null;
		if (subscription == null || key == null || rule == null || !concerns(resume, rule)) {
			broker.run();
			if (resume != null) {
				receipt(headers, socketId, null);
			}
			return;
		}
		Position from = (resume != null) ? Position.of(resume) : null;
		KeptDestination[] before = new KeptDestination[1];
		KeptDestination kept = subscribe(key, from, resume != null, (destination, seam) -> {
			broker.run();
			if (resume != null) {
				before[0] = this.numbers.add(socketId, subscription.id(), destination);
			}
			Seam given = seam.within(AT_ONCE * this.sockets.sendBuffer(), this.sockets.waiting(socketId));
			Runnable bring = () -> bring(given, headers, socketId, subscription, resume != null);
			if (this.watched.getAsBoolean()) {
				destination.following().add(bring);
			}
			else {
				bring.run();
			}
		});
		if (kept != null) {
			kept.following().run();
		}
		left(before[0]);
	}

	// A copy of what others keep too has to be where it begins for whoever reads.
	private boolean concerns(@Nullable String resume, KeepRule rule) {
		return resume != null || rule.replayLast() || this.copies != null;
	}

	private @Nullable KeptDestination subscribe(History.Key key, @Nullable Position from, boolean reads,
			BiConsumer<KeptDestination, Seam> register) {
		return (this.copies != null) ? this.copies.subscribe(key, from, reads, register)
				: this.history.subscribe(key, from, reads, register);
	}

	// First where it begins, then what came before that: who is cut off in between knows
	// what to ask for.
	private void bring(Seam seam, MessageHeaders headers, String socketId, Subscription subscription, boolean asks) {
		if (asks) {
			count(seam, headers);
			receipt(headers, socketId, seam);
		}
		seam.missed()
			.stream()
			.filter((one) -> !this.acknowledged.bring(socketId, subscription.id(), (Parcel) one.message()))
			.forEach((one) -> to(socketId, subscription, one, Map.of(), asks));
		seam.replayed().forEach((one) -> to(socketId, subscription, one, REPLAYED, asks));
	}

	// Only of whoever says where they were: others have missed nothing.
	private static void count(Seam seam, MessageHeaders headers) {
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		if (socket != null && !ANYWHERE.equals(NativeMessageHeaderAccessor.getFirstNativeHeader(RESUME, headers))) {
			socket.link().counts().recovered(seam.recovered() ? Recovered.YES : Recovered.NO);
		}
	}

	private static void to(String socketId, Subscription subscription, Seam.Numbered one, Map<String, String> mark,
			boolean asks) {
		Map<String, String> headers = new LinkedHashMap<>(mark);
		if (asks) {
			headers.put("offset", Long.toString(one.offset()));
		}
		((Parcel) one.message()).to(socketId, subscription, headers);
	}

	private void receipt(MessageHeaders headers, String socketId, @Nullable Seam seam) {
		String receipt = NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER,
				headers);
		if (receipt == null) {
			return;
		}
		this.sockets.send(socketId, (version) -> {
			FrameEncoder frame = FrameEncoder.receipt(receipt, version);
			if (seam != null) {
				frame.header(RESUME, seam.position().toString())
					.header("recovered", Boolean.toString(seam.recovered()));
			}
			return frame.frame();
		});
	}

	/**
	 * Returns whether the RECEIPT of a frame comes from here.
	 * @param broker whether the broker sees to a destination
	 */
	boolean givesReceipt(MessageHeaders headers, Predicate<String> broker) {
		String destination = SimpMessageHeaderAccessor.getDestination(headers);
		if (this.history.isOff() || destination == null
				|| SimpMessageHeaderAccessor.getMessageType(headers) != SimpMessageType.SUBSCRIBE
				|| NativeMessageHeaderAccessor.getFirstNativeHeader(RESUME, headers) == null) {
			return false;
		}
		String users = this.sockets.ofUsers("");
		return broker.test(destination.startsWith(users) ? destination.substring(users.length() - 1) : destination);
	}

	/** Returns whether nothing is left of anybody. */
	boolean isEmpty() {
		return this.numbers.isEmpty();
	}

	void open() {
		this.history.open();
		if (this.copies != null) {
			this.copies.open();
		}
	}

	void close() {
		this.history.close();
		if (this.copies != null) {
			this.copies.close();
		}
	}

}
