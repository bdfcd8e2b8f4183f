package org.sessionlink.inbound;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Refused;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Lets those frames of a client through that it may send (B26, B27).
 *
 * <p>
 * What it remembers of a frame, a subscription or that the client is connected, is true
 * only where the frame was sent: an interceptor of the application may stop it.
 *
 * <p>
 * What cannot come of a mistake closes the socket; a SEND or SUBSCRIBE that may not be
 * has no effect and is answered, unless the settings say that it closes the socket too.
 */
final class Firewall implements ChannelInterceptor {

	private static final Set<StompCommand> FROM_SERVERS = Set.of(StompCommand.CONNECTED, StompCommand.MESSAGE,
			StompCommand.RECEIPT, StompCommand.ERROR);

	private static final Set<SimpMessageType> REMEMBERED = EnumSet.of(SimpMessageType.CONNECT,
			SimpMessageType.SUBSCRIBE, SimpMessageType.UNSUBSCRIBE);

	/** Those of whose socket something is remembered. */
	private final Sending<Incoming> passed = new Sending<>("Frame that was let through");

	private final FrameLimits limits;

	private final ConnectCheck connect;

	private final SendCheck send;

	private final SubscribeCheck subscribe;

	Firewall(FrameLimits limits, ConnectCheck connect, SendCheck send, SubscribeCheck subscribe) {
		this.limits = limits;
		this.connect = connect;
		this.send = send;
		this.subscribe = subscribe;
	}

	/**
	 * Lets a frame pass, or drops it.
	 * @throws FrameRefusedException if the socket is to be closed for it
	 */
	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		Message<?> let = look(message, channel);
		if (let != null) {
			Map<String, Object> attributes = REMEMBERED
				.contains(SimpMessageHeaderAccessor.getMessageType(let.getHeaders()))
						? SimpMessageHeaderAccessor.getSessionAttributes(let.getHeaders()) : null;
			this.passed.begin((SocketLink.in(attributes) != null) ? Incoming.in(attributes) : null);
		}
		return let;
	}

	private @Nullable Message<?> look(Message<?> message, MessageChannel channel) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		Map<String, Object> attributes = (frame != null) ? frame.getSessionAttributes() : null;
		SocketLink socket = SocketLink.in(attributes);
		if (frame == null || attributes == null || socket == null) {
			// What has no link is the guard's business.
			return message;
		}
		Incoming incoming = Incoming.in(attributes);
		if (frame.getMessageType() == SimpMessageType.DISCONNECT) {
			// Spring sends one more for every socket that closes, and frees what it held.
			incoming.disconnect();
			return message;
		}
		if (incoming.isRefused()) {
			return null;
		}
		return REMEMBERED.contains(frame.getMessageType()) ? passAndRemember(message, channel, frame, socket, incoming)
				: passOrRefuseAll(message, channel, frame, socket, incoming);
	}

	private @Nullable Message<?> passAndRemember(Message<?> message, MessageChannel channel, StompHeaderAccessor frame,
			SocketLink socket, Incoming incoming) {
		incoming.begin();
		Message<?> passed = null;
		try {
			passed = passOrRefuseAll(message, channel, frame, socket, incoming);
		}
		finally {
			if (passed == null) {
				incoming.done(false);
			}
		}
		return passed;
	}

	private @Nullable Message<?> passOrRefuseAll(Message<?> message, MessageChannel channel, StompHeaderAccessor frame,
			SocketLink socket, Incoming incoming) {
		try {
			SafeDecoder.refuseFlawed(message);
			return pass(message, channel, frame, socket, incoming);
		}
		catch (FrameRefusedException ex) {
			incoming.refuseAll(ex);
			throw ex;
		}
	}

	/** Hears what became of a frame that the firewall has let through. */
	@Override
	public void afterSendCompletion(Message<?> message, MessageChannel channel, boolean sent, @Nullable Exception ex) {
		Incoming incoming = this.passed.end();
		if (incoming != null) {
			incoming.done(sent);
		}
	}

	private @Nullable Message<?> pass(Message<?> message, MessageChannel channel, StompHeaderAccessor frame,
			SocketLink socket, Incoming incoming) {
		if (frame.getMessageType() == SimpMessageType.HEARTBEAT) {
			return message;
		}
		this.limits.checkHeaders(Frame.nativeHeaders(message.getHeaders()));
		if (incoming.isDisconnected() || FROM_SERVERS.contains(frame.getCommand())) {
			throw new FrameRefusedException(Refused.UNEXPECTED, (incoming.isDisconnected())
					? "Nothing may follow a DISCONNECT frame." : "Only servers send frames of this kind.");
		}
		return switch (frame.getMessageType()) {
			case CONNECT -> this.connect.pass(message, channel, frame, socket, incoming);
			case MESSAGE -> this.send.pass(message, frame, socket, incoming);
			case SUBSCRIBE -> this.subscribe.pass(message, frame, socket, incoming);
			case UNSUBSCRIBE -> this.subscribe.end(message, frame, socket, incoming);
			default -> message;
		};
	}

}
