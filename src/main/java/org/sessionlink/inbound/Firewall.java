package org.sessionlink.inbound;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.DestinationPolicy;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.log.LogFormatUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Lets those frames of a client through that it may send: in number and size (B27), and
 * to and from destinations that are open to it (B26).
 *
 * <p>
 * What cannot come of a mistake closes the socket; a SEND or SUBSCRIBE that may not be
 * has no effect and is answered, unless the settings say that it closes the socket too.
 */
final class Firewall implements ChannelInterceptor {

	private static final Logger logger = LoggerFactory.getLogger(Firewall.class);

	private static final Set<StompCommand> FROM_SERVERS = Set.of(StompCommand.CONNECTED, StompCommand.MESSAGE,
			StompCommand.RECEIPT, StompCommand.ERROR);

	private static final Set<String> PASSED_ON = Set.of(StompHeaderAccessor.STOMP_DESTINATION_HEADER,
			StompHeaderAccessor.STOMP_CONTENT_TYPE_HEADER, StompHeaderAccessor.STOMP_CONTENT_LENGTH_HEADER);

	private final InboundSettings settings;

	private final FrameLimits limits;

	private final ConnectCheck connect;

	private final Supplier<DestinationPolicy> policy;

	private final Predicate<String> toTheApplication;

	private final RefusalNotices notices;

	/**
	 * Makes the firewall.
	 * @param toTheApplication which destinations the application alone handles
	 */
	Firewall(InboundSettings settings, ConnectCheck connect, Supplier<DestinationPolicy> policy,
			Predicate<String> toTheApplication, RefusalNotices notices) {
		this.settings = settings;
		this.limits = new FrameLimits(settings);
		this.connect = connect;
		this.policy = policy;
		this.toTheApplication = toTheApplication;
		this.notices = notices;
	}

	/**
	 * Lets a frame pass, or drops it.
	 * @throws FrameRefusedException if the socket is to be closed for it
	 */
	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		Map<String, Object> attributes = (frame != null) ? frame.getSessionAttributes() : null;
		SocketLink socket = SocketLink.in(attributes);
		if (frame == null || attributes == null || socket == null) {
			// What has no link is the guard's business.
			return message;
		}
		Incoming incoming = Incoming.in(attributes);
		if (frame.getMessageType() == SimpMessageType.DISCONNECT) {
			return disconnect(message, incoming, socket);
		}
		if (incoming.isRefused()) {
			return null;
		}
		try {
			incoming.frameSeen();
			this.limits.takeFrame(socket);
			SafeDecoder.refuseFlawed(message);
			return pass(message, channel, frame, socket, incoming);
		}
		catch (FrameRefusedException ex) {
			incoming.refuseAll();
			throw ex;
		}
	}

	// Spring sends one more for every socket that closes, and frees what it held.
	private static @Nullable Message<?> disconnect(Message<?> message, Incoming incoming, SocketLink socket) {
		incoming.frameSeen();
		boolean again = incoming.disconnect();
		return (again && !socket.link().takeFrames(1)) ? null : message;
	}

	private @Nullable Message<?> pass(Message<?> message, MessageChannel channel, StompHeaderAccessor frame,
			SocketLink socket, Incoming incoming) {
		if (frame.getMessageType() == SimpMessageType.HEARTBEAT) {
			return message;
		}
		this.limits.checkHeaders(nativeHeaders(message));
		if (incoming.isDisconnected() || FROM_SERVERS.contains(frame.getCommand())) {
			throw new FrameRefusedException(Refused.UNEXPECTED, (incoming.isDisconnected())
					? "Nothing may follow a DISCONNECT frame." : "Only servers send frames of this kind.");
		}
		return switch (frame.getMessageType()) {
			case CONNECT -> this.connect.pass(message, channel, frame, socket);
			case MESSAGE -> send(message, frame, socket, incoming);
			case SUBSCRIBE -> subscribe(message, frame, socket, incoming);
			case UNSUBSCRIBE -> unsubscribe(message, frame, socket);
			default -> message;
		};
	}

	private @Nullable Message<?> send(Message<?> message, StompHeaderAccessor frame, SocketLink socket,
			Incoming incoming) {
		String destination = frame.getDestination();
		if (destination == null || !isPlain(destination)
				|| !this.policy.get().maySend(socket.identity(), destination)) {
			refuse(frame, socket, incoming, Refused.DESTINATION,
					"You may not send to this destination: the frame had no effect.");
			return null;
		}
		return this.toTheApplication.test(destination) ? message : withoutFurtherHeaders(message);
	}

	private @Nullable Message<?> subscribe(Message<?> message, StompHeaderAccessor frame, SocketLink socket,
			Incoming incoming) {
		String id = id(frame);
		String destination = frame.getDestination();
		if (frame.containsNativeHeader("selector")) {
			refuse(frame, socket, incoming, Refused.HEADER,
					"A subscription may not have a selector here: subscribe without one.");
			return null;
		}
		if (destination == null || !isPlain(destination)) {
			refuseDestination(frame, socket, incoming);
			return null;
		}
		String known = socket.subscriptions().destination(id);
		if (known != null && !known.equals(destination)) {
			refuse(frame, socket, incoming, Refused.UNEXPECTED,
					"Another subscription has this id: use a new one, or unsubscribe first.");
			return null;
		}
		// First added, then asked: whoever changes the identity does it in the opposite
		// order, so that one of the two sees the other.
		if (!socket.subscriptions().add(id, destination, this.settings.subscriptionsPerSocket())) {
			refuse(frame, socket, incoming, Refused.TOO_MANY_SUBSCRIPTIONS, "A connection may have "
					+ this.settings.subscriptionsPerSocket() + " subscriptions: end one of them first.");
			return null;
		}
		if (!this.policy.get().maySubscribe(socket.identity(), destination)) {
			if (known == null) {
				socket.subscriptions().remove(id);
			}
			refuseDestination(frame, socket, incoming);
			return null;
		}
		return message;
	}

	private static Message<?> unsubscribe(Message<?> message, StompHeaderAccessor frame, SocketLink socket) {
		socket.subscriptions().remove(id(frame));
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

	/**
	 * Returns whether a destination is one and nothing else: no pattern of the broker's,
	 * and none of the queues that Spring makes for single sockets.
	 */
	private static boolean isPlain(String destination) {
		return destination.chars().noneMatch((c) -> "*?{}".indexOf(c) >= 0 || Character.isISOControl(c))
				&& !destination.contains("..") && !destination.contains("-user");
	}

	private void refuseDestination(StompHeaderAccessor frame, SocketLink socket, Incoming incoming) {
		refuse(frame, socket, incoming, Refused.DESTINATION,
				"You may not subscribe to this destination: the frame had no effect.");
	}

	private void refuse(StompHeaderAccessor frame, SocketLink socket, Incoming incoming, Refused reason,
			String sentence) {
		if (this.settings.closeOnRefusal()) {
			throw new FrameRefusedException(reason, sentence);
		}
		socket.link().refused(reason);
		if (incoming.isNews(reason)) {
			logger.warn("{} to {} refused under session {}: {}", frame.getCommand(),
					LogFormatUtils.formatValue(frame.getDestination(), 200, true), socket.link().fingerprint(),
					reason.code());
		}
		else {
			logger.debug("Refused again: {}", reason.code());
		}
		String socketId = frame.getSessionId();
		if (socketId != null) {
			this.notices.tell(socketId, reason, sentence);
		}
	}

	private static Message<?> withoutFurtherHeaders(Message<?> message) {
		StompHeaderAccessor copy = StompHeaderAccessor.wrap(message);
		// Where only the server sees it.
		copy.setHeader(StompHeaderAccessor.STOMP_RECEIPT_HEADER, copy.getReceipt());
		for (String name : List.copyOf(nativeHeaders(message).keySet())) {
			if (!PASSED_ON.contains(name)) {
				copy.removeNativeHeader(name);
			}
		}
		copy.setLeaveMutable(true);
		return MessageBuilder.createMessage(message.getPayload(), copy.getMessageHeaders());
	}

	@SuppressWarnings("unchecked")
	private static Map<String, List<String>> nativeHeaders(Message<?> message) {
		Map<String, List<String>> headers = (Map<String, List<String>>) message.getHeaders()
			.get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		return (headers != null) ? headers : Map.of();
	}

}
