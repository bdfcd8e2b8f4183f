package org.sessionlink.broker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.NotTakenException;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.sessionlink.link.Subscription;
import org.sessionlink.outbound.Sockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

/**
 * Sees to it that clients get what they have not acknowledged once more, and that each
 * message of a work queue goes to one of them (B35). Where nobody acknowledges, and there
 * is no work queue, a message costs two reads.
 *
 * <p>
 * Safe for use by any thread: what changes are {@link Takers}, by the frames of their
 * sockets, and {@link Lines}. A subscription is known here before the broker knows it,
 * and until the broker knows it no more.
 */
final class Acknowledgements {

	private final Takers takers = new Takers();

	private final AtomicLong lastTaker = new AtomicLong();

	private final AcknowledgementSettings settings;

	private final Sockets sockets;

	private final Answers answers;

	private final LineNames names;

	private final Lines lines;

	/**
	 * Makes them, for nobody yet.
	 * @param refusals counts what nobody gets
	 */
	Acknowledgements(AcknowledgementSettings settings, Sockets sockets, Notices notices, Consumer<Refused> refusals) {
		this.settings = settings;
		this.sockets = sockets;
		this.answers = new Answers(notices);
		this.names = new LineNames(settings.work());
		this.lines = new Lines(sockets.clock(), new LostMessages(sockets.clock(), refusals));
	}

	/** Handles a frame of a socket, around what the broker does about it. */
	void around(SimpMessageType type, String socketId, MessageHeaders headers, Runnable broker) {
		if (type == SimpMessageType.SUBSCRIBE) {
			subscribed(headers, socketId);
		}
		broker.run();
		switch (type) {
			case UNSUBSCRIBE -> {
				leave(this.takers.remove(socketId,
						String.valueOf(SimpMessageHeaderAccessor.getSubscriptionId(headers))));
				goOn(socketId);
			}
			case DISCONNECT -> this.takers.removeAll(socketId).forEach(this::leave);
			case OTHER -> answered(headers, socketId);
			default -> {
				// Nothing of this.
			}
		}
	}

	private void subscribed(MessageHeaders headers, String socketId) {
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		String id = SimpMessageHeaderAccessor.getSubscriptionId(headers);
		String destination = SimpMessageHeaderAccessor.getDestination(headers);
		Subscription subscription = (socket != null && id != null) ? socket.subscriptions().get(id) : null;
		if (socket == null || id == null || destination == null || subscription == null) {
			return;
		}
		Taker.AckMode mode = Taker.AckMode
			.of(NativeMessageHeaderAccessor.getFirstNativeHeader(StompHeaderAccessor.STOMP_ACK_HEADER, headers));
		long number = this.lastTaker.incrementAndGet();
		Lines.Name line = this.names.of(destination, subscription, socket, number);
		if (mode == Taker.AckMode.AUTO && line.kind() != Line.Kind.WORK) {
			return;
		}
		Taker added = this.takers.add(socketId, id, (shared) -> new Taker(number, socketId, subscription, socket, mode,
				line, (shared != null) ? shared : allowance()));
		if (added != null) {
			this.lines.change(line, (all) -> {
				all.join(added);
				return true;
			});
		}
	}

	private Allowance allowance() {
		return new Allowance(this.settings.unacknowledged(), this.sockets.sendBuffer());
	}

	private void leave(@Nullable Taker taker) {
		if (taker != null) {
			this.lines.takeBack(taker.line(),
					(line) -> line.leave(taker, this.settings.redelivery(), this.sockets.now()));
		}
	}

	private void answered(MessageHeaders headers, String socketId) {
		Object command = headers.get("stompCommand");
		if (command != StompCommand.ACK && command != StompCommand.NACK) {
			return;
		}
		AckId id = AckId.in(headers);
		Taker taker = (id != null) ? id.taker(this.takers.of(socketId).values()) : null;
		if (id == null || taker == null || !answer(taker, id.message(), command == StompCommand.ACK)) {
			this.answers.refuse(headers, socketId, Refused.UNKNOWN_ACK,
					"Nothing is open under this id: a message is acknowledged once, by the connection that got it.");
			throw new NotTakenException("Nothing is open under this id.");
		}
		goOn(socketId);
	}

	// What there is room for is shared by all that a socket has.
	private void goOn(String socketId) {
		this.takers.of(socketId).values().forEach((taker) -> this.lines.change(taker.line(), (line) -> {
			line.goOn();
			return true;
		}));
	}

	private boolean answer(Taker taker, long message, boolean ack) {
		if (ack) {
			return this.lines.change(taker.line(), (line) -> line.acknowledged(taker, message));
		}
		boolean[] open = new boolean[1];
		this.lines.takeBack(taker.line(), (line) -> {
			open[0] = taker.isOpen(message);
			return line.refused(taker, message, this.settings.redelivery(), this.sockets.now());
		});
		return open[0];
	}

	/** Returns whether a message is for one of those who share a work queue. */
	boolean isWork(Message<?> message) {
		return this.names.isWork(message.getHeaders());
	}

	/** Returns whether a destination is that of a work queue. */
	boolean isWork(String destination) {
		return this.names.isWork(destination);
	}

	/** Returns whether anything of a message may be for {@link #take}. */
	boolean concern(Message<?> message) {
		return !this.takers.isEmpty() || this.names.isWork(message.getHeaders());
	}

	/**
	 * Hands a message over to those who acknowledge, or to one of those who share it.
	 * @param found all its subscriptions, by their sockets
	 * @return the others
	 * @throws NotTakenException if it is for a work queue that is full
	 */
	MultiValueMap<String, String> take(Message<?> message, MultiValueMap<String, String> found, Parcel parcel) {
		Delivery delivery = new Delivery(parcel, 0, null, parcel.begun());
		if (this.names.isWork(message.getHeaders())) {
			share(message.getHeaders(), delivery);
			return new LinkedMultiValueMap<>(0);
		}
		List<Taker> theirs = this.takers.among(found);
		if (theirs.isEmpty()) {
			return found;
		}
		theirs.forEach((taker) -> offer(taker, delivery));
		return without(theirs, found);
	}

	private static MultiValueMap<String, String> without(List<Taker> theirs, MultiValueMap<String, String> found) {
		MultiValueMap<String, String> others = new LinkedMultiValueMap<>(found.size());
		others.putAll(found);
		for (Taker taker : theirs) {
			others.computeIfPresent(taker.socketId(), (socketId, ids) -> {
				List<String> left = ids.stream().filter((id) -> !id.equals(taker.subscription().id())).toList();
				return left.isEmpty() ? null : left;
			});
		}
		return others;
	}

	/**
	 * Brings a subscriber who acknowledges a message that it has missed, unless that has
	 * just come back to it.
	 * @return false for one who does not
	 */
	boolean bring(String socketId, String subscription, Parcel parcel) {
		Taker taker = this.takers.of(socketId).get(subscription);
		if (taker == null) {
			return false;
		}
		boolean[] has = new boolean[1];
		this.lines.change(taker.line(), (line) -> {
			has[0] = taker.has(parcel);
			return true;
		});
		if (!has[0]) {
			give(taker, new Delivery(parcel, 0, null, this.sockets.now()));
		}
		return true;
	}

	private void offer(Taker taker, Delivery delivery) {
		if (taker.subscription().isOlderThan(delivery.parcel().begun())) {
			give(taker, delivery);
		}
	}

	private void give(Taker taker, Delivery delivery) {
		boolean[] isNews = new boolean[1];
		boolean given = this.lines.change(taker.line(), (line) -> {
			boolean offered = line.offer(taker, delivery);
			isNews[0] = !offered && taker.misses();
			return offered;
		});
		if (!given) {
			Link link = taker.socket().link();
			link.refused(Refused.UNACKNOWLEDGED);
			if (isNews[0]) {
				this.answers.notices()
					.refused(taker.socketId(), Refused.UNACKNOWLEDGED, "Too much is not acknowledged: messages of "
							+ taker.subscription().destination() + " are missed until more is.");
			}
		}
	}

	private void share(MessageHeaders headers, Delivery delivery) {
		String destination = String.valueOf(SimpMessageHeaderAccessor.getDestination(headers));
		if (!this.lines.change(this.names.ofWork(destination), (line) -> line.add(delivery))) {
			String sender = SimpMessageHeaderAccessor.getSessionId(headers);
			if (sender != null) {
				this.answers.refuse(headers, sender, Refused.WORK_QUEUE_FULL,
						"As much waits there as may: send it again later. The frame had no effect.");
			}
			throw new NotTakenException("As much as may waits in the work queue " + destination);
		}
	}

}
