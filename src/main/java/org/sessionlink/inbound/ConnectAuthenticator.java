package org.sessionlink.inbound;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.Identity;
import org.sessionlink.link.Link;

/**
 * Decides who a client is by the {@code login} and {@code passcode} of its CONNECT frame
 * (B35). Where an application has a bean of this type it is asked with every CONNECT;
 * where it has none, these headers mean nothing.
 */
public interface ConnectAuthenticator {

	/**
	 * Returns who logs in, or null for somebody who may not, whose socket is then closed.
	 * @param login as the client sent it; null where it sent none
	 * @param passcode as the client sent it; null where it sent none
	 * @param link the link that the socket was opened under
	 */
	@Nullable Identity authenticate(@Nullable String login, @Nullable String passcode, Link link);

}
