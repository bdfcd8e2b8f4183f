package org.sessionlink.inbound;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.security.messaging.web.csrf.XorCsrfChannelInterceptor;
import org.springframework.security.web.csrf.CsrfException;

/**
 * Asks for the CSRF token of the HTTP session in a CONNECT frame (B25). A class of its
 * own, so that it is loaded only where it was asked for: Spring Security may be missing.
 */
final class CsrfCheck {

	private final XorCsrfChannelInterceptor tokens = new XorCsrfChannelInterceptor();

	void check(Message<?> message, MessageChannel channel) {
		try {
			this.tokens.preSend(message, channel);
		}
		catch (CsrfException ex) {
			throw FrameRefusedException.csrf();
		}
	}

}
