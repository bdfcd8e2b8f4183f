package org.sessionlink.inbound;

import java.security.Principal;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.OpenSockets;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.simp.user.UserDestinationResult;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.StringUtils;

/**
 * Where what clients subscribe to below {@code /user} is, whatever they are called.
 *
 * <p>
 * Spring fails at a name with {@code %2F} in it, which it writes for a slash. A
 * subscription is one of a single socket, and needs no name. What is sent to that name
 * goes to whoever has a slash there, as ever: nobody can tell which of them was meant.
 */
public final class UserDestinations extends DefaultUserDestinationResolver {

	private static final String SLASH = "%2F";

	private @Nullable String among;

	public UserDestinations(SimpUserRegistry users) {
		super(users);
	}

	/**
	 * Says that the broker is elsewhere, and below which topics of its own this
	 * application's users are; null for where Spring has them. No queue of the broker is
	 * left behind by a client so, and no other application meets them.
	 */
	public void among(@Nullable String topics) {
		this.among = topics;
	}

	@Override
	protected @Nullable String getTargetDestination(String sourceDestination, String actualDestination,
			String sessionId, @Nullable String user) {
		if (this.among == null) {
			return super.getTargetDestination(sourceDestination, actualDestination, sessionId, user);
		}
		String name = StringUtils.trimLeadingCharacter(actualDestination, '/').replace('/', '.');
		return this.among + name + OpenSockets.MARK + sessionId;
	}

	@Override
	public @Nullable UserDestinationResult resolveDestination(Message<?> message) {
		MessageHeaders headers = message.getHeaders();
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(headers);
		boolean ofOneSocket = type == SimpMessageType.SUBSCRIBE || type == SimpMessageType.UNSUBSCRIBE;
		Principal user = SimpMessageHeaderAccessor.getUser(headers);
		return super.resolveDestination(
				(ofOneSocket && user != null && user.getName().contains(SLASH)) ? ofNobody(message) : message);
	}

	private static Message<?> ofNobody(Message<?> message) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.wrap(message);
		headers.setUser(null);
		return MessageBuilder.createMessage(message.getPayload(), headers.getMessageHeaders());
	}

}
