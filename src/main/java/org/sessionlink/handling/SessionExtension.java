package org.sessionlink.handling;

import org.sessionlink.link.SocketLink;

import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * “Stay signed in”: counts as activity, and tells all tabs of the session so (B15). No
 * bean, so that nothing that an application puts around its controllers gets around it.
 */
final class SessionExtension {

	// Without a slash before it, which Spring puts there where it parts names by slashes.
	@MessageMapping("session/extend")
	void extend(SimpMessageHeaderAccessor headers) {
		SocketLink.live(headers.getSessionAttributes()).extend();
	}

}
