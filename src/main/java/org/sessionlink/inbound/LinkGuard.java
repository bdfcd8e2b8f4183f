package org.sessionlink.inbound;

import java.security.Principal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ExecutorChannelInterceptor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/**
 * Refuses what a client asks for under a link that has ended (B2), counts what it does
 * under an open one (B7), and says who is behind it (B12): a few reads and one volatile
 * write, no lock.
 */
final class LinkGuard implements ExecutorChannelInterceptor {

	/** The header of CONNECT in which a client that comes back by itself says so. */
	private static final String RECONNECT = "reconnect";

	private static final String GUARDED_CONNECT = LinkGuard.class.getName();

	// DISCONNECT must pass: Spring sends it for every socket that closes, and frees what
	// the socket held.
	private static final Set<SimpMessageType> GUARDED = EnumSet.of(SimpMessageType.CONNECT, SimpMessageType.SUBSCRIBE,
			SimpMessageType.UNSUBSCRIBE, SimpMessageType.MESSAGE, SimpMessageType.OTHER);

	private final Activity activity;

	LinkGuard(Activity activity) {
		this.activity = activity;
	}

	/**
	 * Lets a frame pass whose link is open.
	 * @throws org.sessionlink.link.NoLiveSessionException if it is not
	 */
	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		if (type == null) {
			return message;
		}
		Map<String, Object> attributes = SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders());
		Link link = linkFor(type, attributes);
		SocketLink socket = SocketLink.in(attributes);
		if (link != null && this.activity.includes(type) && !isByItself(type, message, socket)) {
			link.active();
		}
		return (socket != null) ? withUser(message, type, socket) : message;
	}

	/**
	 * Takes over whom another interceptor has found behind a CONNECT, with their roles,
	 * as applications do that log in with a token of their own.
	 */
	@Override
	public Message<?> beforeHandle(Message<?> message, MessageChannel channel, MessageHandler handler) {
		MessageHeaders headers = message.getHeaders();
		SocketLink socket = SocketLink.in(SimpMessageHeaderAccessor.getSessionAttributes(headers));
		Principal user = SimpMessageHeaderAccessor.getUser(headers);
		if (socket != null && user != null && headers.get(GUARDED_CONNECT) instanceof Identity guarded
				&& user != guarded.principal() && user != socket.identity().principal()) {
			socket.loggedIn(user);
		}
		return message;
	}

	private static @Nullable Link linkFor(SimpMessageType type, @Nullable Map<String, Object> attributes) {
		SocketLink socket = SocketLink.in(attributes);
		Link link = GUARDED.contains(type) ? SocketLink.live(attributes) : (socket != null) ? socket.link() : null;
		// Before it counts as activity: no frame revives a link whose timer is late (B9).
		if (link == null || !link.endIfDue()) {
			return link;
		}
		if (GUARDED.contains(type)) {
			throw SocketLink.notAlive(link);
		}
		return null;
	}

	/**
	 * Returns whether a client does this without anybody's doing: it has come back by
	 * itself, said so in its CONNECT, and subscribes to what it had before (B8).
	 */
	private static boolean isByItself(SimpMessageType type, Message<?> message, @Nullable SocketLink socket) {
		if (socket == null) {
			return false;
		}
		switch (type) {
			case CONNECT -> socket.returning(
					"true".equals(NativeMessageHeaderAccessor.getFirstNativeHeader(RECONNECT, message.getHeaders())));
			case MESSAGE, UNSUBSCRIBE -> socket.returning(false);
			default -> {
				// What a page does when it opens, or by itself at any time.
			}
		}
		return type != SimpMessageType.HEARTBEAT && socket.isReturning();
	}

	// Spring puts the user of the CONNECT frame into all that follow it (B12).
	private static Message<?> withUser(Message<?> message, SimpMessageType type, SocketLink socket) {
		Identity identity = socket.identity();
		boolean connects = type == SimpMessageType.CONNECT;
		if (!connects && SimpMessageHeaderAccessor.getUser(message.getHeaders()) == identity.principal()) {
			return message;
		}
		MessageHeaderAccessor headers = MessageHeaderAccessor.getMutableAccessor(message);
		headers.setHeader(SimpMessageHeaderAccessor.USER_HEADER, identity.principal());
		if (connects) {
			headers.setHeader(GUARDED_CONNECT, identity);
		}
		// For the interceptors behind: the last one, which is Spring's, makes them
		// immutable.
		headers.setLeaveMutable(true);
		return (headers.getMessageHeaders() == message.getHeaders()) ? message
				: MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

}
