package org.sessionlink.outbound;

import java.security.Principal;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.messaging.DefaultSimpUserRegistry;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/**
 * Knows which sockets a user has, also after a login or a logout under an open socket
 * (B12): Spring's own keeps the user of the CONNECT frame.
 *
 * <p>
 * CONNECTED goes out on a thread of its own, so that a user may change, or the socket be
 * gone, before Spring says that it is connected: placing a socket is one step, and looks
 * whether it is still there.
 */
public final class LinkedUserRegistry extends DefaultSimpUserRegistry {

	private final Object placing = new Object();

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return super.supportsEventType(eventType) || UserChangedEvent.class.isAssignableFrom(eventType);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		GatedSocket socket = socketOf(event);
		if (socket != null) {
			place(socket);
		}
		else if (event instanceof SessionDisconnectEvent) {
			synchronized (this.placing) {
				super.onApplicationEvent(event);
			}
		}
		else {
			super.onApplicationEvent(event);
		}
	}

	private static @Nullable GatedSocket socketOf(ApplicationEvent event) {
		if (event instanceof UserChangedEvent changed) {
			return changed.socket();
		}
		return (event instanceof SessionConnectedEvent connected) ? CurrentUser.socketOf(connected.getMessage()) : null;
	}

	private void place(GatedSocket socket) {
		synchronized (this.placing) {
			super.onApplicationEvent(
					new SessionDisconnectEvent(this, message(headers(socket)), socket.id(), CloseStatus.NORMAL));
			Principal user = socket.getPrincipal();
			if (user != null && socket.socketLink().link().sockets().contains(socket)) {
				super.onApplicationEvent(new SessionConnectedEvent(this, message(headers(socket)), user));
				socket.socketLink().subscriptions().all().forEach((id, destination) -> {
					SimpMessageHeaderAccessor headers = headers(socket);
					headers.setSubscriptionId(id);
					headers.setDestination(destination);
					super.onApplicationEvent(new SessionSubscribeEvent(this, message(headers), user));
				});
			}
		}
	}

	private static SimpMessageHeaderAccessor headers(GatedSocket socket) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setSessionId(socket.id());
		return headers;
	}

	private static Message<byte[]> message(SimpMessageHeaderAccessor headers) {
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

}
