package org.sessionlink.outbound;

import java.security.Principal;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.user.DestinationUserNameProvider;
import org.springframework.messaging.simp.user.SimpSession;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.messaging.DefaultSimpUserRegistry;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;

/**
 * Knows which sockets a user has, also after a login or a logout under an open socket
 * (B12): Spring's own keeps the user of the CONNECT frame, and of the first one.
 *
 * <p>
 * A broker may answer a CONNECT on another thread, so that a user may change, or the
 * socket be gone, before Spring says that it is connected: placing a socket is one step,
 * and looks whether it is still there, and whether newer news has come before. What the
 * application has made, its principals, is asked outside of it.
 */
public final class LinkedUserRegistry extends DefaultSimpUserRegistry {

	private final Object placing = new Object();

	// By the id of the socket.
	private final Map<String, Placed> placed = new ConcurrentHashMap<>();

	private final AtomicLong count = new AtomicLong();

	@Override
	public @Nullable SimpUser getUser(String userName) {
		SimpUser user = super.getUser(userName);
		return (user != null) ? new CurrentSimpUser(user) : null;
	}

	@Override
	public Set<SimpUser> getUsers() {
		return super.getUsers().stream().map(CurrentSimpUser::new).collect(Collectors.toSet());
	}

	/** Hears of sockets before the application's own listeners, one of which may fail. */
	public LinkedUserRegistry() {
		setOrder(HIGHEST_PRECEDENCE);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		GatedSocket socket = socketOf(event);
		if (socket != null) {
			place(socket);
		}
		else if (event instanceof SessionDisconnectEvent disconnect) {
			synchronized (this.placing) {
				remove(disconnect);
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
		// First the number: whoever asks after the last change has a greater one.
		long number = this.count.incrementAndGet();
		Principal user = socket.getPrincipal();
		Named named = (user != null) ? Named.of(user) : null;
		synchronized (this.placing) {
			Placed before = this.placed.get(socket.id());
			if (before != null && before.number() > number) {
				return;
			}
			remove(new SessionDisconnectEvent(this, message(headers(socket)), socket.id(), CloseStatus.NORMAL));
			if (socket.socketLink().link().sockets().contains(socket)) {
				this.placed.put(socket.id(), new Placed(user, number));
				if (named != null) {
					place(socket, named);
				}
			}
		}
	}

	private void place(GatedSocket socket, Named user) {
		super.onApplicationEvent(new SessionConnectedEvent(this, message(headers(socket)), user));
		socket.socketLink().subscriptions().all().forEach((id, destination) -> {
			SimpMessageHeaderAccessor headers = headers(socket);
			headers.setSubscriptionId(id);
			headers.setDestination(destination);
			super.onApplicationEvent(new SessionSubscribeEvent(this, message(headers), user));
		});
	}

	private void remove(SessionDisconnectEvent event) {
		super.onApplicationEvent(event);
		this.placed.remove(event.getSessionId());
	}

	private static SimpMessageHeaderAccessor headers(GatedSocket socket) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create();
		headers.setSessionId(socket.id());
		return headers;
	}

	private static Message<byte[]> message(SimpMessageHeaderAccessor headers) {
		return MessageBuilder.createMessage(new byte[0], headers.getMessageHeaders());
	}

	/**
	 * Whom a socket belongs to, or null for nobody, and where this stands in the order of
	 * such news.
	 */
	private record Placed(@Nullable Principal user, long number) {
	}

	/** A principal that was asked for its name before: it may wait, or fail. */
	private record Named(String name, Principal principal) implements Principal {

		static Named of(Principal user) {
			return new Named((user instanceof DestinationUserNameProvider provider) ? provider.getDestinationUserName()
					: user.getName(), user);
		}

		@Override
		public String getName() {
			return this.name;
		}

	}

	/** A user as the newest of its sockets knows it: Spring's own knows the first. */
	private final class CurrentSimpUser implements SimpUser {

		private final SimpUser user;

		CurrentSimpUser(SimpUser user) {
			this.user = user;
		}

		@Override
		public String getName() {
			return this.user.getName();
		}

		@Override
		public @Nullable Principal getPrincipal() {
			return this.user.getSessions()
				.stream()
				.map((session) -> LinkedUserRegistry.this.placed.get(session.getId()))
				.filter(Objects::nonNull)
				.max(Comparator.comparingLong(Placed::number))
				.map(Placed::user)
				.orElseGet(() -> (this.user.getPrincipal() instanceof Named named) ? named.principal() : null);
		}

		@Override
		public boolean hasSessions() {
			return this.user.hasSessions();
		}

		@Override
		public @Nullable SimpSession getSession(String sessionId) {
			return this.user.getSession(sessionId);
		}

		@Override
		public Set<SimpSession> getSessions() {
			return this.user.getSessions();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return this.user.equals(other);
		}

		@Override
		public int hashCode() {
			return this.user.hashCode();
		}

		@Override
		public String toString() {
			return this.user.toString();
		}

	}

}
