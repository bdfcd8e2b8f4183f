package org.sessionlink.inbound;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Link;
import org.sessionlink.link.SocketLink;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;

/**
 * Refuses what a client asks for under a link that has ended (B2), and counts what it
 * does under an open one (B7): a few reads and one volatile write, no lock.
 */
final class LinkGuard implements ChannelInterceptor {

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
		Link link = linkFor(type, SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
		if (link != null && this.activity.includes(type)) {
			link.active();
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

}
