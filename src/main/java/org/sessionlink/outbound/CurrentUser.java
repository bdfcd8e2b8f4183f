package org.sessionlink.outbound;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Telling;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

/**
 * Publishes Spring's events about a socket with the user that it has now (B12): Spring
 * remembers the one of the CONNECT frame.
 */
final class CurrentUser implements ApplicationEventPublisher {

	private final ApplicationEventPublisher events;

	CurrentUser(ApplicationEventPublisher events) {
		this.events = events;
	}

	@Override
	public void publishEvent(Object event) {
		if (event instanceof SessionConnectedEvent connected) {
			Telling.tell("A listener to CONNECT", () -> announce(connected));
		}
		if (!(event instanceof SessionConnectEvent connect) || isNews(connect.getMessage())) {
			this.events.publishEvent((event instanceof AbstractSubProtocolEvent frame) ? withUser(frame) : event);
		}
	}

	// The answer to a CONNECT is there before Spring says that the frame has come.
	@SuppressWarnings("unchecked")
	private void announce(SessionConnectedEvent event) {
		Object connect = event.getMessage().getHeaders().get(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER);
		if (connect instanceof Message<?> frame) {
			publishEvent(new SessionConnectEvent(event.getSource(), (Message<byte[]>) frame, event.getUser()));
		}
	}

	private static boolean isNews(Message<?> connect) {
		GatedSocket socket = socketOf(connect);
		return socket == null || socket.announce();
	}

	/** Returns the socket that a frame came from, or goes to, if it is known. */
	static @Nullable GatedSocket socketOf(Message<?> frame) {
		Object connect = frame.getHeaders().get(SimpMessageHeaderAccessor.CONNECT_MESSAGE_HEADER);
		// The answer to a CONNECT knows its socket only by the frame that it answers.
		Message<?> origin = (connect instanceof Message<?> message) ? message : frame;
		return GatedSocket.in(SimpMessageHeaderAccessor.getSessionAttributes(origin.getHeaders()));
	}

	private static Object withUser(AbstractSubProtocolEvent event) {
		GatedSocket socket = socketOf(event.getMessage());
		if (socket == null) {
			return event;
		}
		Principal user = socket.getPrincipal();
		Object source = event.getSource();
		if (event.getUser() == user) {
			return event;
		}
		Message<byte[]> message = withUser(event.getMessage(), user);
		if (event instanceof SessionConnectEvent) {
			return new SessionConnectEvent(source, message, user);
		}
		if (event instanceof SessionConnectedEvent) {
			return new SessionConnectedEvent(source, message, user);
		}
		if (event instanceof SessionSubscribeEvent) {
			return new SessionSubscribeEvent(source, message, user);
		}
		if (event instanceof SessionUnsubscribeEvent) {
			return new SessionUnsubscribeEvent(source, message, user);
		}
		return (event instanceof SessionDisconnectEvent disconnect) ? new SessionDisconnectEvent(source, message,
				disconnect.getSessionId(), disconnect.getCloseStatus(), user) : event;
	}

	private static Message<byte[]> withUser(Message<byte[]> message, @Nullable Principal user) {
		if (SimpMessageHeaderAccessor.getUser(message.getHeaders()) == user) {
			return message;
		}
		MessageHeaderAccessor headers = MessageHeaderAccessor.getMutableAccessor(message);
		headers.setHeader(SimpMessageHeaderAccessor.USER_HEADER, user);
		return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

}
