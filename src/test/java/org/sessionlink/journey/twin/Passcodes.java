package org.sessionlink.journey.twin;

import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** Logs people in with what their CONNECT brings, as many applications do. */
final class Passcodes implements ChannelInterceptor {

	private static final Map<String, String> ROLES = Map.of("ada", "ROLE_GUEST", "sam", "ROLE_STAFF");

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (StompCommand.CONNECT.equals(frame.getCommand()) && frame.getLogin() != null) {
			if (!frame.getLogin().equals(frame.getPasscode())) {
				throw new BadCredentialsException("That is not " + frame.getLogin());
			}
			frame.setUser(UsernamePasswordAuthenticationToken.authenticated(frame.getLogin(), null,
					AuthorityUtils.createAuthorityList(ROLES.get(frame.getLogin()))));
		}
		return message;
	}

}
