package org.sessionlink.broker;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.history.History;
import org.sessionlink.history.Keepable;
import org.sessionlink.history.KeptDestination;
import org.sessionlink.history.LogAwayException;
import org.sessionlink.history.Position;
import org.sessionlink.history.Subscribers;
import org.sessionlink.link.NotTakenException;
import org.sessionlink.link.Notices;
import org.sessionlink.link.Refused;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompCommand;

/**
 * Hands what all servers keep together over to who has subscribed at this one, and says
 * so where a message cannot be kept or some are missing (B31).
 *
 * <p>
 * Safe for use by any thread.
 */
final class SharedMessages implements Subscribers {

	private final Numbers numbers;

	private final InOrder out;

	private final Outlet outlet;

	private final Notices notices;

	private final Supplier<@Nullable UserMessages> users;

	/**
	 * Makes it.
	 * @param numbers who has asked for numbers
	 * @param out what is done behind a step
	 * @param users the way to users, once there is one
	 */
	SharedMessages(Numbers numbers, InOrder out, Outlet outlet, Notices notices,
			Supplier<@Nullable UserMessages> users) {
		this.numbers = numbers;
		this.out = out;
		this.outlet = outlet;
		this.notices = notices;
		this.users = users;
	}

	@Override
	public boolean areThere(History.Key key) {
		return !sockets(key).isEmpty();
	}

	private Set<String> sockets(History.Key key) {
		if (key.user() == null) {
			return this.outlet.subscriptions(key.destination()).keySet();
		}
		UserMessages known = this.users.get();
		return (known != null) ? known.subscribers(key.user(), key.destination()) : Set.of();
	}

	@Override
	public Keepable deliver(History.Key key, byte[] content, KeptDestination of, long offset) {
		Message<byte[]> message = MessageBytes.read(content);
		Numbers.Number number = this.numbers.of(of, offset);
		if (key.user() == null) {
			return this.outlet.send(key.destination(), message, number);
		}
		UserMessages known = this.users.get();
		if (known != null) {
			known.handOver(number.in(message));
		}
		return this.outlet.parcel(key.destination(), message, number);
	}

	@Override
	public Keepable keep(History.Key key, byte[] content, KeptDestination of, long offset) {
		return this.outlet.parcel(key.destination(), MessageBytes.read(content), this.numbers.of(of, offset));
	}

	@Override
	public void gap(History.Key key, KeptDestination of, Position now) {
		Map<String, Object> notice = new LinkedHashMap<>();
		notice.put("event", "GAP");
		notice.put("destination", key.destination());
		notice.put("resume", now.toString());
		Set<String> all = new HashSet<>(sockets(key));
		all.addAll(this.numbers.sockets(of));
		Runnable tell = () -> all.forEach((socketId) -> this.notices.tell(socketId, Notices.SESSION, notice));
		// Behind all messages before, and before all behind.
		if (this.outlet.isWatched()) {
			this.out.add(tell);
		}
		else {
			tell.run();
		}
	}

	@Override
	public void afterSteps() {
		this.out.run();
	}

	/**
	 * Says that a message could not be kept: to its client, or to the code that sends it.
	 */
	RuntimeException refuse(Message<?> message, LogAwayException away) {
		MessageHeaders headers = message.getHeaders();
		String socketId = SimpMessageHeaderAccessor.getSessionId(headers);
		if (socketId == null || !(headers.get("stompCommand") instanceof StompCommand)) {
			return new MessageDeliveryException(message, "The message is not kept, as its store is away.", away);
		}
		new Answers(this.notices).refuse(headers, socketId, Refused.NOT_KEPT,
				"The server could not keep this message, as its store is away: send it again in a while.");
		return new NotTakenException("The message is not kept, as its store is away.");
	}

}
